"""The JSON API: only with the token, nothing twice under one key, and never a fault of ours."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from newsletter.domain.subscriber import SubscriberStatus
from tests.app.newsletter_app import NewsletterApp

TOKEN = "hemlig-token"
schemathesis.checks.load_all_checks()
#: What schemathesis looks at in an answer: status, kind and shape are the document's.
CHECKS = [
    schemathesis.checks.CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    )
]
AUTH_HEADERS = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def api_app(
    open_newsletter_app: Callable[..., NewsletterApp], monkeypatch: pytest.MonkeyPatch
) -> NewsletterApp:
    """Open a newsletter whose API is on."""
    monkeypatch.setenv("NEWSLETTER_API__TOKEN", TOKEN)
    return open_newsletter_app()


def call_api(newsletter_app: NewsletterApp, what: str, email: str, **headers: str) -> Any:
    return newsletter_app.client.post(
        f"/api/subscribers{what}", json={"email": email}, headers={**AUTH_HEADERS, **headers}
    )


def test_the_way_of_a_reader(api_app: NewsletterApp) -> None:
    """Unknown, waiting, active, unsubscribed; and her mail comes as from the page."""
    said = {
        "email": "Anna@example.org",
        "name": "Anna\r\nBcc: x",
        "language": "en",
        "tags": ["Press"],
        "wording": "Ja, tack.",
    }
    assert call_api(api_app, "/status", "anna@example.org").json() == {"status": "unknown"}
    answer = api_app.client.post("/api/subscribers", json=said, headers=AUTH_HEADERS)
    assert (answer.status_code, answer.json()) == (202, {"status": "confirmation_sent"})
    assert call_api(api_app, "/status", "anna@example.org").json() == {"status": "waiting"}
    api_app.client.post(api_app.find_token_path(api_app.deliver_outbox()[0]))
    assert call_api(api_app, "/status", "ANNA@example.org").json() == {"status": "active"}
    person = api_app.find_subscriber("anna@example.org")
    assert person is not None
    assert (person.name, person.tags) == ("Anna Bcc: x", ("Press",))
    proof = api_app.read_consents("anna@example.org")[0]
    assert (proof.source, proof.wording) == ("api", "Ja, tack.")
    assert call_api(api_app, "/unsubscribe", "anna@example.org").json() == {
        "status": "unsubscribed"
    }
    assert call_api(api_app, "/unsubscribe", "anna@example.org").json() == {
        "status": "unsubscribed"
    }
    assert call_api(api_app, "/unsubscribe", "ingen@example.org").json() == {"status": "unknown"}
    assert call_api(api_app, "/status", "anna@example.org").json() == {"status": "unsubscribed"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": TOKEN},
        {"authorization": "Bearer None"},
        {"authorization": f"Bearer {TOKEN}x"},
    ],
)
def test_without_the_token_nothing_is_said_or_done(
    api_app: NewsletterApp, headers: dict[str, str]
) -> None:
    """Known or not."""
    api_app.add_subscriber("anna@example.org")
    before = api_app.dump_database()
    for what in ("", "/status", "/unsubscribe"):
        answer = api_app.client.post(
            f"/api/subscribers{what}", json={"email": "anna@example.org"}, headers=headers
        )
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert "anna" not in answer.text
    assert api_app.dump_database() == before


def test_it_is_off_without_a_token(newsletter_app: NewsletterApp) -> None:
    """No route is there."""
    for path in ("/api/subscribers", "/api/subscribers/status", "/api/openapi.json"):
        assert newsletter_app.client.post(
            path, json={"email": "a@example.org"}, headers={"authorization": "Bearer None"}
        ).status_code in (404, 405)


def test_under_one_key_nothing_is_done_twice(api_app: NewsletterApp) -> None:
    """The same answer comes again, even when things have changed since.

    Another question under the key is refused.
    """
    api_app.add_subscriber("anna@example.org")
    first = call_api(api_app, "/unsubscribe", "anna@example.org", **{"idempotency-key": "k1"})
    person = api_app.find_subscriber("anna@example.org")
    assert person is not None
    assert person.status is SubscriberStatus.unsubscribed
    before = api_app.dump_database()
    again = call_api(api_app, "/unsubscribe", "anna@example.org", **{"idempotency-key": "k1"})
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert (
        call_api(api_app, "/unsubscribe", "bo@example.org", **{"idempotency-key": "k1"}).status_code
        == 409
    )
    assert api_app.dump_database() == before
    assert (
        call_api(api_app, "/status", "anna@example.org", **{"idempotency-key": "k1"}).status_code
        == 200
    )
    assert (
        call_api(
            api_app, "/status", "anna@example.org", **{"idempotency-key": "x" * 201}
        ).status_code
        == 400
    )


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[" * 20_000, "application/json", 400),
        (b"[]", "application/json", 422),
        (b'{"email": 1}', "application/json", 422),
        (b'{"email": "anna"}', "application/json", 422),
        (b'{"email": "a@example.org", "status": "active"}', "application/json", 422),
        (b'{"email": "a@example.org", "tags": [""]}', "application/json", 422),
        (b'{"email": "a@example.org", "name": "\\ud800"}', "application/json", 422),
        (b'{"email": "a@example.org"}', "text/plain", 415),
    ],
)
def test_what_is_wrong_is_refused_and_not_repeated(
    api_app: NewsletterApp, body: bytes, kind: str, status: int
) -> None:
    """With a word for programs."""
    before = api_app.dump_database()
    answer = api_app.client.post(
        "/api/subscribers", content=body, headers={**AUTH_HEADERS, "content-type": kind}
    )
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "message"}
    assert api_app.dump_database() == before


def test_the_api_does_what_its_document_says(api_app: NewsletterApp) -> None:
    """Schemathesis asks what it can think of.

    No fault of ours, and no answer that the document doesn't know.
    """
    schema = schemathesis.openapi.from_asgi(
        "/api/openapi.json", api_app.client.app, headers={"host": "nyhetsbrev.example.org"}
    )

    @given(case=schema.as_strategy())
    @settings(
        max_examples=120,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def check_case(case: Any) -> None:
        answer = case.call(headers={**AUTH_HEADERS, "host": "nyhetsbrev.example.org"})
        case.validate_response(answer, checks=CHECKS)

    check_case()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from(
        [
            "/subscribe",
            "/c/{t}",
            "/c/{t}/sure",
            "/p/{t}",
            "/p/{t}/address",
            "/p/{t}/data",
            "/p/{t}/erase",
            "/u/{t}/why",
            "/u/{t}/more",
            "/archive",
            "/feed.xml",
            "/api/subscribers",
            "/api/subscribers/status",
        ]
    ),
    purpose=st.integers(0, 5),
    number=st.integers(0, 3),
    method=st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE"]),
    fields=st.dictionaries(
        st.sampled_from(["email", "language", "tag", "pause", "why", "by", "website", "q"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
        max_size=4,
    ),
)
def test_nothing_makes_the_new_pages_fall_or_repeat_it(
    api_app: NewsletterApp,
    path: str,
    purpose: int,
    number: int,
    method: str,
    fields: dict[str, str],
) -> None:
    """Good tokens and bad ones, any form: no 5xx, and nothing of what was sent on the page."""
    from newsletter.domain.subscriber import SubscriberId
    from newsletter.mail.tokens import Purpose

    purposes = list(Purpose)
    token = (
        api_app.workspace.token_keys.sign(purposes[purpose], SubscriberId(number))
        if purpose < len(purposes)
        else "x" * 28
    )
    mark = "<q1w2e3>"
    answer = api_app.client.request(
        method, path.format(t=token), data={name: value + mark for name, value in fields.items()}
    )
    assert answer.status_code < 500
    assert "q1w2e3" not in answer.text
