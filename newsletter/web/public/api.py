"""The JSON API for forms on other sites: sign up, leave, how an address stands.

    Authorization: Bearer TOKEN        Idempotency-Key: what the caller likes

Addresses stand in bodies, never in a URL: those get into logs. A sign-up only sends a confirmation,
as the page does.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from newsletter import __version__
from newsletter.domain.confirmation import ConfirmationKind
from newsletter.domain.subscriber import SuppressionReason
from newsletter.errors import AddressError
from newsletter.mail.address import parse_address
from newsletter.store import confirmations, idempotency_keys, subscribers, suppressions
from newsletter.store.idempotency_keys import IdempotentResponse
from newsletter.subscribers import signup, suppression, unsubscription
from newsletter.web.errors import Status
from newsletter.web.headers import parse_media_type
from newsletter.web.public.openapi import build_openapi_document
from newsletter.web.public.routing import post
from newsletter.web.public.site import PublicSite

#: How long an answer is kept for who asks again under the same key.
IDEMPOTENCY_WINDOW = timedelta(hours=24)
MAX_IDEMPOTENCY_KEY_CHARS = 200
#: Longest values, in characters, and most tags.
_MAX_FIELD_CHARS = {"email": 1000, "name": 300, "language": 35, "wording": 2000}
_MAX_TAGS, _MAX_TAG_CHARS = 50, 100

ApiResult = tuple[int, dict[str, str]]


@dataclass(slots=True)
class _ApiError(Exception):
    status: int
    error: str
    message: str


class ApiRoutes:
    """The three things that can be asked, and the document that tells of them."""

    def __init__(self, site: PublicSite) -> None:
        self.site = site

    def build_routes(self) -> list[Route]:
        """Return where they are."""
        base = "/api/subscribers"
        return [
            Route("/api/openapi.json", self.show_openapi_document),
            *post(base, self.subscribe),
            *post(f"{base}/unsubscribe", self.unsubscribe),
            *post(f"{base}/status", self.report_status),
        ]

    async def show_openapi_document(self, _request: Request) -> Response:
        """Return the OpenAPI document."""
        return JSONResponse(
            build_openapi_document(self.site.title, self.site.public_url, __version__)
        )

    async def subscribe(self, request: Request) -> Response:
        """Send a confirmation to an address."""
        return await self._handle(request, self._subscribe)

    async def unsubscribe(self, request: Request) -> Response:
        """Take an address off the list."""
        return await self._handle(request, self._unsubscribe)

    async def report_status(self, request: Request) -> Response:
        """Say how an address stands."""
        return await self._handle(request, self._report_status)

    async def _handle(
        self, request: Request, operation: Callable[[sa.Connection, dict[str, Any]], ApiResult]
    ) -> Response:
        try:
            self._authenticate(request)
            body = await request.body()
            said = _parse_fields(request, body)
            key = self._read_idempotency_key(request)
            status, value = await asyncio.to_thread(
                self._run_idempotently, request.url.path, key, body, said, operation
            )
        except _ApiError as refusal:
            headers = (
                {"www-authenticate": "Bearer"} if refusal.status == Status.unauthorized else {}
            )
            return JSONResponse(
                {"error": refusal.error, "message": refusal.message},
                refusal.status,
                headers=headers,
            )
        return JSONResponse(value, status)

    def _authenticate(self, request: Request) -> None:
        shown = request.headers.get("authorization", "").encode("utf-8", "surrogateescape")
        wanted = f"Bearer {self.site.api_token}".encode()
        if not hmac.compare_digest(hashlib.sha256(shown).digest(), hashlib.sha256(wanted).digest()):
            raise _ApiError(
                Status.unauthorized,
                "token",
                "Show the token of newsletter.toml: Authorization: Bearer …",
            )

    def _read_idempotency_key(self, request: Request) -> str:
        key = request.headers.get("idempotency-key")
        if key is None:
            return ""
        if (
            not 0 < len(key) <= MAX_IDEMPOTENCY_KEY_CHARS
            or not key.isascii()
            or not key.isprintable()
            or " " in key
        ):
            raise _ApiError(
                Status.bad_request, "key", "Idempotency-Key takes 1 to 200 printable characters."
            )
        return self.site.keyed_hash(f"key {request.url.path} {key}")

    def _run_idempotently(
        self,
        path: str,
        idempotency_key: str,
        body: bytes,
        fields: dict[str, Any],
        operation: Callable[[sa.Connection, dict[str, Any]], ApiResult],
    ) -> ApiResult:
        asked = self.site.keyed_hash(f"{path} {hashlib.sha256(body).hexdigest()}")
        with self.site.database.begin() as connection:
            if (
                idempotency_key
                and (before := idempotency_keys.find_response(connection, idempotency_key))
                is not None
            ):
                if before.asked != asked:
                    raise _ApiError(
                        Status.conflict,
                        "key",
                        "This Idempotency-Key was used for something else. Make a new one.",
                    )
                return before.status, json.loads(before.body)
            status, value = operation(connection, fields)
            if idempotency_key:
                idempotency_keys.save_response(
                    connection,
                    idempotency_key,
                    IdempotentResponse(asked, int(status), json.dumps(value)),
                    self.site.clock(),
                )
        return status, value

    def _subscribe(self, connection: sa.Connection, fields: dict[str, Any]) -> ApiResult:
        wish = signup.SignUpRequest(
            email=fields["email"],
            name=_to_single_line(fields.get("name", "")),
            language=_to_single_line(fields.get("language", "")),
            tags=tuple(
                tag for said_tag in fields.get("tags", ()) if (tag := _to_single_line(said_tag))
            ),
            wording=fields.get("wording", "").replace("\0", ""),
            source="api",
        )
        try:
            asked = signup.request_signup(connection, wish, self.site.keyed_hash, self.site.clock())
        except AddressError as error:
            raise _build_address_error() from error
        if asked is signup.SignUpResult.too_many:
            raise _ApiError(
                Status.too_many, "rate", "Too many sign-ups for this domain. Try again in an hour."
            )
        return Status.accepted, {"status": "confirmation_sent"}

    def _unsubscribe(self, connection: sa.Connection, fields: dict[str, Any]) -> ApiResult:
        now = self.site.clock()
        key = _parse_address_key(fields)
        person = subscribers.find_by_key(connection, key)
        if person is None:
            return Status.ok, {"status": "unknown"}
        unsubscription.unsubscribe_many(
            connection, [person.id], now, send_goodbye=self.site.signup.goodbye
        )
        return Status.ok, {"status": "unsubscribed"}

    def _report_status(self, connection: sa.Connection, fields: dict[str, Any]) -> ApiResult:
        now = self.site.clock()
        key = _parse_address_key(fields)
        person, blocked = (
            subscribers.find_by_key(connection, key),
            suppressions.find_suppression(connection, key),
        )
        if blocked is not None and blocked.reason is not SuppressionReason.erased:
            return Status.ok, {"status": suppression.STATUS_BY_REASON[blocked.reason].value}
        if person is not None:
            paused = person.paused_until is not None and person.paused_until > now
            return Status.ok, {
                "status": (
                    "paused" if paused and person.status.value == "active" else person.status.value
                )
            }
        waits = any(
            one.kind is ConfirmationKind.sign_up and one.is_pending(now)
            for one in confirmations.list_for_address(connection, key)
        )
        return Status.ok, {"status": "waiting" if waits else "unknown"}


def _parse_fields(request: Request, body: bytes) -> dict[str, Any]:
    """Return what a body says, checked against the document. Raises _Refusal."""
    if parse_media_type(request.headers.get("content-type", "")) != "application/json":
        raise _ApiError(
            Status.unsupported_type, "type", "Send JSON, as Content-Type: application/json."
        )
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _ApiError(Status.bad_request, "json", "The body isn't JSON.") from error
    allowed = (
        {"email"}
        if not request.url.path.rstrip("/").endswith("/api/subscribers")
        else {*_MAX_FIELD_CHARS, "tags"}
    )
    if not isinstance(said, dict) or set(said) - allowed or not isinstance(said.get("email"), str):
        raise _ApiError(
            Status.unprocessable,
            "fields",
            f"Send an object with email, and no more than: {', '.join(sorted(allowed))}.",
        )
    for name, value in said.items():
        if name == "tags":
            if (
                not isinstance(value, list)
                or len(value) > _MAX_TAGS
                or not all(_is_tag(tag) for tag in value)
            ):
                raise _ApiError(
                    Status.unprocessable,
                    "tags",
                    "tags takes up to 50 texts of 1 to 100 characters.",
                )
        elif (
            not isinstance(value, str) or len(value) > _MAX_FIELD_CHARS[name] or not _is_text(value)
        ):
            raise _ApiError(
                Status.unprocessable,
                name,
                f"{name} takes a text of up to {_MAX_FIELD_CHARS[name]} characters.",
            )
    return said


def _is_tag(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _MAX_TAG_CHARS and _is_text(value)


def _is_text(value: str) -> bool:
    return value.encode("utf-8", "replace").decode() == value


def _to_single_line(value: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def _parse_address_key(fields: dict[str, Any]) -> str:
    try:
        return parse_address(fields["email"]).key
    except AddressError as error:
        raise _build_address_error() from error


def _build_address_error() -> _ApiError:
    return _ApiError(Status.unprocessable, "email", "Mail can't be sent to that address.")
