"""Take in a change only from the page itself.

The guard has looked at Host, token and Origin already. A change must also say that it comes from
this origin (Origin, and Sec-Fetch-Site from browsers that send it, which all since 2023 do), from a
script (no form can send JSON), and be of a size.
"""

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from newsletter.web.errors import Status

#: Bytes of a request: a text, as JSON.
MAX_BODY_BYTES = 1_000_000


async def read_json(request: Request) -> dict[str, Any]:
    """Return the JSON object that a page of ours has sent; refuse all else (403, 413, 415, 400)."""
    headers = request.headers
    if headers.get("origin", "").lower() != f"http://{headers.get('host', '').lower()}":
        raise HTTPException(Status.forbidden)
    if (
        headers.get("sec-fetch-site", "same-origin") != "same-origin"
        or headers.get("sec-fetch-dest", "empty") != "empty"
    ):
        raise HTTPException(Status.forbidden)
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(Status.unsupported_type)
    try:
        value = json.loads(await _read_body(request))
    except (ValueError, RecursionError) as error:
        raise HTTPException(Status.bad_request) from error
    if not isinstance(value, dict):
        raise HTTPException(Status.bad_request)
    return value


async def _read_body(request: Request) -> bytes:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > MAX_BODY_BYTES:
        raise HTTPException(Status.too_large)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise HTTPException(Status.too_large)
    return bytes(body)
