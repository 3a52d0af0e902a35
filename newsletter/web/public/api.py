"""The JSON API for forms on other sites: sign up, leave, how an address stands.

    Authorization: Bearer TOKEN
    Idempotency-Key: what the caller likes

Addresses stand in bodies, never in a URL: those get into logs. A sign-up only sends a confirmation,
as the page does.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable

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
from newsletter.subscribers import signup, suppression
from newsletter.web.errors import Status
from newsletter.web.public.api_fields import (
    ADDRESS_FIELDS,
    MAX_IDEMPOTENCY_KEY_CHARS,
    SIGN_UP_FIELDS,
    ApiError,
    ApiProblem,
    Fields,
    parse_fields,
    to_single_line,
)
from newsletter.web.public.openapi import build_openapi_document
from newsletter.web.public.routing import post
from newsletter.web.public.site import PublicSite

ApiResult = tuple[Status, dict[str, str]]


class ApiRoutes:
    """The three operations, and the OpenAPI document that describes them."""

    def __init__(self, site: PublicSite) -> None:
        self.site = site

    def build_routes(self) -> list[Route]:
        """Return the routes."""
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
        return await self._handle(request, self._subscribe, SIGN_UP_FIELDS)

    async def unsubscribe(self, request: Request) -> Response:
        """Take an address off the list."""
        return await self._handle(request, self._unsubscribe)

    async def report_status(self, request: Request) -> Response:
        """Report how an address stands."""
        return await self._handle(request, self._report_status)

    async def _handle(
        self,
        request: Request,
        operation: Callable[[sa.Connection, Fields], ApiResult],
        allowed: frozenset[str] = ADDRESS_FIELDS,
    ) -> Response:
        try:
            self._authenticate(request)
            body = await request.body()
            fields = parse_fields(request.headers.get("content-type", ""), body, allowed)
            key = self._read_idempotency_key(request)
            status, value = await asyncio.to_thread(
                self._run_idempotently, request.url.path, key, body, fields, operation
            )
        except ApiError as error:
            return _render_problem(error.problem)
        return JSONResponse(value, status)

    def _authenticate(self, request: Request) -> None:
        shown = request.headers.get("authorization", "").encode("utf-8", "surrogateescape")
        wanted = f"Bearer {self.site.api_token}".encode()
        if not hmac.compare_digest(hashlib.sha256(shown).digest(), hashlib.sha256(wanted).digest()):
            raise ApiError(
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
            raise ApiError(
                Status.bad_request,
                "key",
                f"Idempotency-Key takes 1 to {MAX_IDEMPOTENCY_KEY_CHARS} printable characters.",
            )
        return self.site.keyed_hash(f"key {request.url.path} {key}")

    def _run_idempotently(
        self,
        path: str,
        idempotency_key: str,
        body: bytes,
        fields: Fields,
        operation: Callable[[sa.Connection, Fields], ApiResult],
    ) -> ApiResult:
        asked = self.site.keyed_hash(f"{path} {hashlib.sha256(body).hexdigest()}")
        with self.site.database.begin() as connection:
            if idempotency_key and (earlier := _find_result(connection, idempotency_key, asked)):
                return earlier
            status, value = operation(connection, fields)
            if idempotency_key:
                response = IdempotentResponse(asked, int(status), json.dumps(value))
                idempotency_keys.save_response(
                    connection, idempotency_key, response, self.site.clock()
                )
        return status, value

    def _subscribe(self, connection: sa.Connection, fields: Fields) -> ApiResult:
        wish = signup.SignUpRequest(
            email=fields["email"],
            name=to_single_line(fields.get("name", "")),
            language=to_single_line(fields.get("language", "")),
            tags=tuple(
                tag for said_tag in fields.get("tags", ()) if (tag := to_single_line(said_tag))
            ),
            wording=fields.get("wording", "").replace("\0", ""),
            source="api",
        )
        try:
            asked = signup.request_signup(connection, wish, self.site.keyed_hash, self.site.clock())
        except AddressError as error:
            raise _build_address_error() from error
        if asked is signup.SignUpResult.too_many:
            raise ApiError(
                Status.too_many, "rate", "Too many sign-ups for this domain. Try again in an hour."
            )
        return Status.accepted, {"status": "confirmation_sent"}

    def _unsubscribe(self, connection: sa.Connection, fields: Fields) -> ApiResult:
        now = self.site.clock()
        key = _parse_address_key(fields)
        person = subscribers.find_by_key(connection, key)
        if person is None:
            return Status.ok, {"status": "unknown"}
        suppression.unsubscribe_many(
            connection, [person.id], now, send_goodbye=self.site.signup.goodbye
        )
        return Status.ok, {"status": "unsubscribed"}

    def _report_status(self, connection: sa.Connection, fields: Fields) -> ApiResult:
        now = self.site.clock()
        key = _parse_address_key(fields)
        person, blocked = (
            subscribers.find_by_key(connection, key),
            suppressions.find_suppression(connection, key),
        )
        if blocked is not None and blocked.reason is not SuppressionReason.erased:
            return Status.ok, {"status": blocked.reason.status.value}
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


def _find_result(connection: sa.Connection, idempotency_key: str, asked: str) -> ApiResult | None:
    """Return what was answered under a key. Raises ApiError where something else was asked."""
    before = idempotency_keys.find_response(connection, idempotency_key)
    if before is None:
        return None
    if before.asked != asked:
        raise ApiError(
            Status.conflict,
            "key",
            "This Idempotency-Key was used for something else. Make a new one.",
        )
    return Status(before.status), json.loads(before.body)


def _render_problem(problem: ApiProblem) -> Response:
    is_stranger = problem.status is Status.unauthorized
    return JSONResponse(
        {"error": problem.error, "message": problem.message},
        problem.status,
        headers={"www-authenticate": "Bearer"} if is_stranger else {},
    )


def _parse_address_key(fields: Fields) -> str:
    try:
        return parse_address(fields["email"]).key
    except AddressError as error:
        raise _build_address_error() from error


def _build_address_error() -> ApiError:
    return ApiError(Status.unprocessable, "email", "Mail can't be sent to that address.")
