"""What holds for every page: headers, host, size, language; an issue shows nobody's name."""

import html
import socket
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from newsletter.domain.issue import IssueState, RenderedIssue
from newsletter.web.public.app import create_app
from newsletter.web.public.site import PublicSite
from newsletter.web.public.templates import get_language_name, mask_address
from tests.web.conftest import HOST, ServedSite

LETTER = RenderedIssue(
    subject="Nr 12",
    preheader="",
    language="sv",
    html=(
        '<!doctype html><html lang="sv"><body><p>Hej! Till XemailX</p><a href="XunsubX">ut</a><a'
        ' href="XviewX">se</a></body></html>'
    ),
    text="",
    mjml="",
    slots={
        "email": "XemailX",
        "unsubscribe_url": "XunsubX",
        "view_url": "XviewX",
        "name": "XnameX",
    },
)


@pytest.mark.parametrize(
    "path",
    [
        "/u",
        "/u/x",
        "/i/12",
        "/i/none",
        "/robots.txt",
        "/healthz",
        "/",
        "/style",
        "/u/%00",
        "/u/%0d%0aX:1",
    ],
)
def test_every_answer_has_its_headers(served_site: ServedSite, path: str) -> None:
    """A link is a secret: it isn't kept, sent on, framed or indexed, whatever the answer."""
    served_site.send_issue("12", LETTER)
    with served_site.open_client() as client:
        answer = client.get(path)
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "noindex" in answer.headers["x-robots-tag"]
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store" or path in ("/i/12", "/robots.txt")


def test_pages_hold_no_script_and_nothing_of_others(served_site: ServedSite) -> None:
    """They work without JavaScript because there is none, and nobody else learns of a visit."""
    token = served_site.sign_token(served_site.add_subscriber("anna@example.org"))
    with served_site.open_client() as client:
        pages = [
            client.get(f"/u/{token}").text,
            client.post(f"/u/{token}").text,
            client.get("/u/x").text,
            client.get("/u").text,
        ]
    for page in pages:
        assert "<script" not in page
        assert "style=" not in page
        assert "http" not in page
        assert "anna@" not in page


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["Host: evil.example"], 421),
        ([f"Host: {HOST}.evil.example"], 421),
        (["Host: 127.0.0.1"], 421),
        ([f"Host: {HOST}", "Host: evil.example"], 421),
        ([f"Host: {HOST.upper()}:8025"], 200),
        ([f"Host: {HOST}."], 200),
        ([f"Host: {HOST}", "X-Forwarded-Host: evil.example"], 200),
    ],
)
def test_only_our_host_is_answered(served_site: ServedSite, lines: list[str], status: int) -> None:
    """A page under another name would be somebody else's page."""
    head = "\r\n".join(["GET /u HTTP/1.0", *lines, "", ""])
    with socket.create_connection(("127.0.0.1", served_site.port)) as line:
        line.sendall(head.encode())
        answer = b"".join(iter(lambda: line.recv(4096), b"")).decode()
    assert int(answer.split()[1]) in (status, 400 if status == 421 else status)
    assert "evil" not in answer


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        (f"https://{HOST}/u", "127.0.0.1", 200),
        (f"HTTP://{HOST.upper()}:443/u", HOST, 200),
        ("https://evil.example/u", HOST, 421),
        (f"https://{HOST}", HOST, 404),
    ],
)
def test_a_target_may_name_the_host_itself(
    served_site: ServedSite, target: str, host: str, status: int
) -> None:
    """As to a proxy: what it says counts, not Host (RFC 9112, 3.2.2)."""
    with socket.create_connection(("127.0.0.1", served_site.port)) as line:
        line.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(4096), b""))
    assert int(answer.split()[1]) == status


def test_health_is_answered_under_any_name(served_site: ServedSite) -> None:
    """A monitor asks by number."""
    assert httpx2.get(f"{served_site.url}/healthz").text == "ok\n"


def test_too_much_is_refused_and_changes_nothing(served_site: ServedSite) -> None:
    """64 KiB are plenty for a button; declared or not, more isn't read."""
    token = served_site.sign_token(served_site.add_subscriber("anna@example.org"))
    before = served_site.dump_database()
    with served_site.open_client() as client:
        assert client.post(f"/u/{token}", content=b"x" * 65_537).status_code == 413
        assert (
            client.post(f"/u/{token}", content=(b"x" * 1000 for _ in range(70))).status_code == 413
        )
        assert served_site.dump_database() == before
        assert client.post(f"/u/{token}", content=b"x" * 65_536).status_code == 200


def test_pages_speak_the_readers_language_or_the_newsletters(served_site: ServedSite) -> None:
    """Who reads English gets English, others the newsletter's language; and `lang` says which."""
    swede, briton, finn = (
        served_site.add_subscriber(f"{code}@example.org", language=code)
        for code in ("sv", "en-GB", "fi")
    )
    with served_site.open_client() as client:
        pages = {
            name: client.get(f"/u/{served_site.sign_token(reader)}").text
            for name, reader in (("sv", swede), ("en-GB", briton), ("fi", finn))
        }
    assert '<html lang="sv">' in pages["sv"]
    assert "Vill du avsluta prenumerationen?" in pages["sv"]
    assert '<html lang="en-GB">' in pages["en-GB"]
    assert "Do you want to leave?" in pages["en-GB"]
    assert "Vill du" in pages["fi"]


def test_every_text_of_the_pages_is_in_swedish(served_site: ServedSite) -> None:
    """Also those for what goes wrong."""
    from newsletter.web import errors

    troubles = [value for value in vars(errors).values() if isinstance(value, errors.ErrorPage)]
    assert len(troubles) == 8
    for trouble in troubles:
        assert trouble.title.translate("sv") != trouble.title.translate("en")
        assert trouble.text.translate("sv") != trouble.text.translate("en")


def test_an_issue_in_the_browser_is_nobodys(served_site: ServedSite) -> None:
    """What is shown can be passed on: no address, no token, no slot left open."""
    served_site.add_subscriber("anna@example.org")
    served_site.send_issue("2026-12", LETTER)
    with served_site.open_client() as client:
        answer = client.get("/i/2026-12")
        assert client.head("/i/2026-12").status_code == 200
    assert answer.status_code == 200
    assert f'href="https://{HOST}/u"' in answer.text
    assert f'href="https://{HOST}/i/2026-12"' in answer.text
    assert "anna" not in answer.text
    assert not [slot for slot in LETTER.slots.values() if slot in answer.text]


@pytest.mark.parametrize("state", [IssueState.draft, IssueState.scheduled])
def test_an_issue_that_wasnt_sent_isnt_shown(served_site: ServedSite, state: IssueState) -> None:
    """What is still being written is nobody's business."""
    served_site.send_issue("hemlig", LETTER, state)
    with served_site.open_client() as client:
        assert client.get("/i/hemlig").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "../newsletter.toml",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e",
        "12.md",
        "%00",
        "a" * 5000,
        "'; DROP TABLE issues;--",
    ],
)
def test_an_issues_name_is_no_path(served_site: ServedSite, name: str) -> None:
    """Only what the database knows is shown; no file is opened by a name from outside."""
    with served_site.open_client() as client:
        assert client.get(f"/i/{name}").status_code == 404


def test_a_public_address_with_a_path(
    served_site: ServedSite, serve_site: Callable[[PublicSite], int]
) -> None:
    """https://example.org/brev: a proxy may pass the path on or cut it off."""
    port = serve_site(replace(served_site.site, public_url=f"https://{HOST}/brev"))
    token = served_site.sign_token(served_site.add_subscriber("anna@example.org"))
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers={"host": HOST}) as client:
        page = client.get(f"/brev/u/{token}")
        assert f'action="/brev/u/{token}"' in page.text
        style = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert client.get(style).headers["content-type"].startswith("text/css")
        assert client.post(f"/u/{token}").status_code == 200


def test_a_title_is_text_and_never_html(
    served_site: ServedSite, serve_site: Callable[[PublicSite], int]
) -> None:
    """Also in the settings a `<` is just a `<`."""
    port = serve_site(replace(served_site.site, title='<img src=x onerror=alert(1)>"{{7*7}}'))
    page = httpx2.get(f"http://127.0.0.1:{port}/u", headers={"host": HOST}).text
    assert "<img" not in page
    assert html.escape("<img src=x onerror=alert(1)>") in page
    assert "{{7*7}}" in page


def test_a_veiled_address_is_known_to_its_owner_only() -> None:
    """First letter and domain."""
    assert mask_address("anna.lind@example.org") == "a…@example.org"


def test_a_fault_of_ours_is_a_page_without_a_word_of_it(
    served_site: ServedSite, caplog: pytest.LogCaptureFixture
) -> None:
    """No traceback to the reader; one in the log, without her link."""
    token = served_site.sign_token(served_site.add_subscriber("anna@example.org"))

    def fail() -> None:
        raise RuntimeError("hemligt")

    # that is the fault
    app = create_app(replace(served_site.site, clock=fail))  # type: ignore[arg-type]
    with TestClient(app, base_url=f"https://{HOST}") as client:
        answer = client.get(f"/u/{token}")
    assert answer.status_code == 500
    assert "hemligt" not in answer.text
    assert answer.headers["content-security-policy"]
    assert "RuntimeError: hemligt" in caplog.text
    assert token not in caplog.text


@cache
def build_client(served_site: ServedSite) -> TestClient:
    """Return a client of the pages without a server between; one a world."""
    return TestClient(
        create_app(served_site.site), base_url=f"https://{HOST}", follow_redirects=False
    )


SEGMENTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.sampled_from(
        ["u", "i", "undo", "healthz", "..", "", "x" * 28, "A" * 28, "\r\nSet-Cookie: a=b"]
    ),
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    method=st.sampled_from(["GET", "POST", "HEAD", "PUT", "OPTIONS", "PROPFIND"]),
    segments=st.lists(SEGMENTS, max_size=4),
    query=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    body=st.binary(max_size=300),
    marked=st.booleans(),
)
def test_nothing_makes_the_pages_fall_or_repeat_it(
    served_site: ServedSite, method: str, segments: list[str], query: str, body: bytes, marked: bool
) -> None:
    """Whatever is asked for: no 5xx, and nothing of it on the page."""
    mark = "<q1w2e3>" if marked else ""
    path = "/" + "/".join(quote(segment + mark, safe="") for segment in segments).lstrip("/")
    answer = build_client(served_site).request(
        method, path, params={"q": query + mark}, content=body
    )
    assert answer.status_code < 500
    assert "q1w2e3" not in answer.text
    assert "q1w2e3" not in str(answer.headers)


def test_the_logo_is_shown_under_its_own_name(
    served_site: ServedSite, tmp_path: Path, serve_site: Callable[[PublicSite], int]
) -> None:
    """Letters name the logo's file under public_url; nothing else of its folder is shown."""
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"\x89PNG made up")
    (tmp_path / "secret.txt").write_text("hidden")
    port = serve_site(replace(served_site.site, logo=logo))
    with httpx2.Client(
        base_url=f"http://127.0.0.1:{port}", headers={"Host": served_site.site.host}
    ) as client:
        shown = client.get("/logo.png")
        assert (shown.status_code, shown.headers["content-type"], shown.content) == (
            200,
            "image/png",
            b"\x89PNG made up",
        )
        assert client.get("/secret.txt").status_code == 404
        logo.unlink()
        assert client.get("/logo.png").status_code == 404


@pytest.mark.parametrize(
    ("code", "name"),
    [("en", "Engelska"), ("en-GB", "Engelska (Storbritannien)"), ("zz-qqq", "zz-qqq"), ("x", "x")],
)
def test_a_language_has_a_name(code: str, name: str) -> None:
    """Lists bring whatever they have: what nobody knows stays as it is."""
    assert get_language_name(code, "sv") == name


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/u/{token}", "GET, HEAD, POST"), ("/u/{token}/why", "POST"), ("/feed.xml", "GET, HEAD")],
)
def test_what_isnt_possible_says_what_is(served_site: ServedSite, path: str, allowed: str) -> None:
    """RFC 9110, 15.5.6: a 405 names the methods."""
    token = served_site.sign_token(served_site.add_subscriber("anna@example.org"))
    with served_site.open_client() as client:
        answer = client.request("DELETE", path.format(token=token))
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
