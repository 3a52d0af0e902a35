"""Those who leave, as a process of their own: `python leaving.py PORT HOST < PATHS.json`.

All of them ask at once.

Printed is, for each: milliseconds from asking for a connection to the last byte, whether it says
yes, and when it came.
"""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime

BODY = b"List-Unsubscribe=One-Click"


async def post(port: int, host: str, path: str) -> tuple[float, bool, str]:
    """Leave by one POST, as a mail provider does (RFC 8058)."""
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type:"
        " application/x-www-form-urlencoded\r\n"
    )
    writer.write(f"{head}Content-Length: {len(BODY)}\r\nConnection: close\r\n\r\n".encode() + BODY)
    said = await reader.read()
    took = (time.perf_counter() - began) * 1000
    writer.close()
    return took, b" 200 " in said.partition(b"\r\n")[0], datetime.now(UTC).isoformat()


async def main() -> None:
    """Ask, and print."""
    asked = (post(int(sys.argv[1]), sys.argv[2], path) for path in json.load(sys.stdin))
    print(json.dumps(await asyncio.gather(*asked)))


if __name__ == "__main__":
    asyncio.run(main())
