"""Read the JSON of a change, and only from our own page (protection against CSRF).

The middleware has checked Host, token and Origin already. A change must also say that it comes from
this origin (Origin, and Sec-Fetch-Site from browsers that send it, which all since 2023 do), from a
script (no form can send JSON), and be of a size.
"""

import json
from typing import Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request

from newsletter.web.errors import Status
from newsletter.web.headers import parse_media_type

#: Bytes of a request: a text, as JSON.
MAX_BODY_BYTES = 1_000_000


async def read_json(request: Request) -> dict[str, Any]:
    """Return the JSON object that our page has sent. Raises HTTPException for all else."""
    if not _is_from_own_page(request.headers):
        raise HTTPException(Status.forbidden)
    if parse_media_type(request.headers.get("content-type", "")) != "application/json":
        raise HTTPException(Status.unsupported_type)
    try:
        value = json.loads(await _read_body(request))
    except (ValueError, RecursionError) as error:
        raise HTTPException(Status.bad_request) from error
    if not isinstance(value, dict):
        raise HTTPException(Status.bad_request)
    return value


def _is_from_own_page(headers: Headers) -> bool:
    """Return True if a script of this origin sent it (Fetch Metadata Request Headers)."""
    return (
        headers.get("origin", "").lower() == f"http://{headers.get('host', '').lower()}"
        and headers.get("sec-fetch-site", "same-origin") == "same-origin"
        and headers.get("sec-fetch-dest", "empty") == "empty"
    )


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
