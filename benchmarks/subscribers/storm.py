"""python -m benchmarks.subscribers.storm [READERS]: 200 unsubscribe at once while an issue goes out to 50,000.

Everything is real: one process sends and answers POSTs beside it, as `newsletter serve` does; the mail server and those who
leave are processes of their own. Told are the times of the
200 answers, and whether anybody got the letter whose answer had come before her claim.
"""

import asyncio
import multiprocessing
import socket
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn

from benchmarks.subscribers import __main__ as lists
from newsletter.app import open_workspace
from newsletter.app.sending import deliver
from newsletter.domain.issue import Rendered
from newsletter.domain.segment import Everyone
from newsletter.mail.tokens import Purpose
from newsletter.store import issues, journal
from newsletter.subscribers.importing import Given, bring_in
from newsletter.web.public import create_app
from newsletter.web.public.opening import site

AT_ONCE = 200
LETTER = Rendered(
    subject="Nyhetsbrev", preheader="", language="sv", html="<p>XunsubX</p>", text="XunsubX", mjml="", slots={"unsubscribe_url": "XunsubX"}
)


async def sink(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take mail, and say yes."""
    writer.write(b"220 sink\r\n")
    data = False
    while line := await reader.readline():
        if data:
            if line == b".\r\n":
                data = False
                writer.write(b"250 2.0.0 ok\r\n")
            continue
        word = line[:4].upper()
        data = word == b"DATA"
        said = {b"EHLO": b"250-sink\r\n250 PIPELINING\r\n", b"DATA": b"354 go\r\n", b"QUIT": b"221 bye\r\n"}
        writer.write(said.get(word, b"250 2.0.0 ok\r\n"))
    writer.close()


def serving(port: int) -> None:
    """Run the mail server."""

    async def run() -> None:
        server = await asyncio.start_server(sink, "127.0.0.1", port, limit=1 << 20)
        await server.serve_forever()

    asyncio.run(run())


async def post(port: int, path: str) -> tuple[float, bool, datetime]:
    """Return how long an answer took in ms, whether it says yes, and when it came."""
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = b"List-Unsubscribe=One-Click"
    head = f"POST {path} HTTP/1.1\r\nHost: nyhetsbrev.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
    line = await reader.readline()
    took = (time.perf_counter() - began) * 1000
    await reader.read()
    writer.close()
    return took, b" 200 " in line, datetime.now(UTC)


def storm(port: int, paths: list[str]) -> list[tuple[float, bool, datetime]]:
    """Ask for all of it at once."""

    async def run() -> list[tuple[float, bool, datetime]]:
        return await asyncio.gather(*(post(port, path) for path in paths))

    return asyncio.run(run())


def main(readers: int) -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory() as made, socket.socket() as probe:
        folder = Path(made)
        probe.bind(("127.0.0.1", 0))
        smtp = probe.getsockname()[1]
        probe.close()
        own = multiprocessing.get_context("spawn")
        server = own.Process(target=serving, args=(smtp,), daemon=True)
        server.start()
        lists.write(folder / "list.csv", readers)
        (folder / "newsletter.toml").write_text(f'{lists.SETTINGS}port = {smtp}\nsecurity = "none"\n', "utf-8")
        workspace = open_workspace(folder / "newsletter.toml")
        bring_in(workspace.database, folder / "list.csv", workspace.clock(), refuse=lambda _: None, given=Given(seal=workspace.seal))
        with workspace.database.begin() as connection:
            number = issues.add(connection, "12", LETTER, segment="", now=workspace.clock())
            journal.freeze(connection, number, Everyone(), workspace.clock())
        stop = threading.Event()
        sender = threading.Thread(
            target=lambda: deliver(workspace, "12", stop=stop, language="en", wait=timedelta(0)), name="sender", daemon=True
        )
        at = socket.create_server(("127.0.0.1", 0), backlog=512)
        at.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        web = uvicorn.Server(uvicorn.Config(create_app(site(workspace)), log_level="critical", lifespan="off"))
        threading.Thread(target=web.run, kwargs={"sockets": [at]}, daemon=True).start()
        chosen = [readers - 1 - step * (readers // 2 // AT_ONCE) for step in range(AT_ONCE)]
        paths = [f"/u/{workspace.keys.sign(Purpose.unsubscribe, one)}" for one in chosen]  # type: ignore[arg-type]  # ids from 1

        pool = own.Pool(1)
        pool.apply(storm, (at.getsockname()[1], [f"/u/{workspace.keys.sign(Purpose.unsubscribe, readers)}"]))  # type: ignore[arg-type]  # as above
        sender.start()
        time.sleep(2)
        answers = pool.apply(storm, (at.getsockname()[1], paths))
        with workspace.database.read() as connection:
            before = journal.counts(connection, number)
        sender.join(600)
        late = 0
        with workspace.database.read() as connection:
            for one, (_, yes, when) in zip(chosen, answers, strict=True):
                row = connection.exec_driver_sql("SELECT state, first_tried FROM deliveries WHERE subscriber = ?", (one,)).one()
                tried = datetime.fromisoformat(row[1]).replace(tzinfo=UTC) if row[1] else None
                late += yes and tried is not None and tried > when
            counts = journal.counts(connection, number)
        times = sorted(took for took, _, _ in answers)
        p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99) - 1]
        yes = sum(one for _, one, _ in answers)
        shown = {state.value: count for state, count in counts.items() if count}
        print(f"{yes} of {AT_ONCE} answered while {before} stood so; p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {times[-1]:.0f} ms")
        print(f"in the end {shown}; tried after their answer: {late}")
        web.should_exit = True
        pool.terminate()
        server.terminate()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
