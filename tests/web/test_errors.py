"""Errors become status codes and pages, and only our own faults become lines of the log."""

import asyncio
import logging

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from newsletter.errors import NewsletterError, SettingsError, StoreError, TokenError
from newsletter.web.errors import (
    CONTENT_TOO_LARGE,
    INTERNAL_ERROR,
    INVALID_TOKEN,
    METHOD_NOT_ALLOWED,
    MISDIRECTED_REQUEST,
    NOT_FOUND,
    REQUEST_TIMEOUT,
    SERVICE_UNAVAILABLE,
    ErrorMiddleware,
    ErrorPage,
    Status,
    reraise,
    to_error_page,
)

ALL_PAGES = (
    INVALID_TOKEN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    REQUEST_TIMEOUT,
    CONTENT_TOO_LARGE,
    MISDIRECTED_REQUEST,
    SERVICE_UNAVAILABLE,
    INTERNAL_ERROR,
)


@pytest.mark.parametrize(
    ("error", "page"),
    [
        (TokenError("no"), INVALID_TOKEN),
        (StoreError("no"), SERVICE_UNAVAILABLE),
        (TimeoutError(), REQUEST_TIMEOUT),
        (ClientDisconnect(), REQUEST_TIMEOUT),
        (HTTPException(Status.not_found), NOT_FOUND),
        (HTTPException(Status.method_not_allowed), METHOD_NOT_ALLOWED),
        (HTTPException(Status.timeout), REQUEST_TIMEOUT),
        (HTTPException(Status.too_large), CONTENT_TOO_LARGE),
        (HTTPException(418), NOT_FOUND),
        (HTTPException(499), NOT_FOUND),
        (HTTPException(500), INTERNAL_ERROR),
        (HTTPException(502), INTERNAL_ERROR),
        (SettingsError("no"), INTERNAL_ERROR),
        (NewsletterError("no"), INTERNAL_ERROR),
        (KeyError("no"), INTERNAL_ERROR),
        (ZeroDivisionError(), INTERNAL_ERROR),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else str(one.status.value),
)
def test_each_error_has_its_page(error: Exception, page: ErrorPage) -> None:
    """What nobody thought of is our fault, and shown as that."""
    assert to_error_page(error) is page


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.status.name)
def test_each_page_says_what_to_do(page: ErrorPage, language: str) -> None:
    """A title and whole sentences, in the subscriber's language, without a number."""
    title, text = page.title.translate(language), page.text.translate(language)
    assert title
    assert text.endswith(".")
    assert not any(c.isdigit() for c in title + text)
    if language == "sv":
        assert (title, text) != (page.title.text, page.text.text)


def test_only_our_own_faults_are_news_to_us() -> None:
    """Whoever misspells an address fills no log."""
    assert {page.status for page in ALL_PAGES if page.log_level is not None} == {503, 500}


def serve(*routes: Route) -> TestClient:
    app = Starlette(
        routes=list(routes),
        middleware=[Middleware(ErrorMiddleware, render_error=render_error)],
        exception_handlers={HTTPException: reraise},
    )
    return TestClient(app)


def render_error(page: ErrorPage) -> Response:
    return PlainTextResponse(page.title.text, page.status)


def raise_in_page(error: Exception) -> Route:
    async def page(_request: Request) -> Response:
        raise error

    return Route("/u/secret-token", page, methods=["GET"])


def test_no_traceback_leaves_us(caplog: pytest.LogCaptureFixture) -> None:
    """The page says that the fault is ours; what went wrong is in the log, without the token."""
    with caplog.at_level(logging.DEBUG):
        answer = serve(raise_in_page(ValueError("inside"))).get("/u/secret-token")
    assert answer.status_code == 500
    assert answer.text == "Something went wrong here"
    (record,) = [one for one in caplog.records if one.name == "newsletter.web.errors"]
    assert record.getMessage() == "web.failed: ValueError"
    assert record.levelno == logging.ERROR
    assert record.exc_info
    assert "secret-token" not in record.getMessage()


def test_a_store_that_is_away_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing was changed; the operator reads why."""
    with caplog.at_level(logging.DEBUG):
        answer = serve(raise_in_page(StoreError("locked"))).get("/u/secret-token")
    assert answer.status_code == 503
    (record,) = [one for one in caplog.records if one.name == "newsletter.web.errors"]
    assert record.getMessage() == "web.store_failed: locked"
    assert record.levelno == logging.WARNING


def test_a_link_that_was_cut_in_two_is_no_news(caplog: pytest.LogCaptureFixture) -> None:
    """404 and not a line: programs try links by the thousand."""
    with caplog.at_level(logging.DEBUG):
        answer = serve(raise_in_page(TokenError("no"))).get("/u/secret-token")
    assert answer.status_code == 404
    assert not [one for one in caplog.records if one.name == "newsletter.web.errors"]


def test_an_error_after_the_first_bytes_ends_the_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A second head can't follow the first one; it is logged all the same."""

    async def page(_request: Request) -> Response:
        async def write() -> object:
            yield b"half"
            raise ValueError("inside")

        return StreamingResponse(write())

    answer = serve(Route("/", page)).get("/")
    assert answer.status_code == 200
    assert "Something" not in answer.text
    assert "web.failed: ValueError" in caplog.text


@pytest.mark.parametrize(
    ("method", "allowed"),
    [("POST", "GET, HEAD"), ("DELETE", "GET, HEAD"), ("PUT", "GET, HEAD")],
    ids=str,
)
def test_a_method_that_isnt_possible_is_told_which_are(method: str, allowed: str) -> None:
    """RFC 9110, 15.5.6: a 405 has an Allow header."""

    async def page(_request: Request) -> Response:
        return PlainTextResponse("ok")

    answer = serve(Route("/", page, methods=["GET"])).request(method, "/")
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed


def test_methods_of_two_routes_are_told_together() -> None:
    """A page that is looked at by one route and posted to by another."""

    async def page(_request: Request) -> Response:
        return PlainTextResponse("ok")

    client = serve(Route("/x", page, methods=["GET"]), Route("/x", page, methods=["POST"]))
    answer = client.request("PATCH", "/x")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"


def test_what_isnt_http_passes_errors_on() -> None:
    """The client's cancellation isn't an error of ours: it is never swallowed."""

    async def app(*_: object) -> None:
        raise asyncio.CancelledError

    async def run() -> None:
        await ErrorMiddleware(app, render_error=render_error)({"type": "http"}, None, None)  # type: ignore[arg-type]  # never called

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())
