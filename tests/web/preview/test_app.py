"""The preview's addresses: who gets in, and what they get."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from newsletter.web.preview.app import create_app
from newsletter.web.preview.backends import PictureContent
from newsletter.web.preview.frame_html import find_pictures, hash_picture_url
from tests.web.preview.folder_backend import ISSUE, PICTURES, FolderBackend

TOKEN = "t0ken"
BASE = "http://127.0.0.1:8026"
PATHS = (
    "",
    "issues",
    "look?issue=2026-12",
    "report?issue=2026-12",
    "mail?issue=2026-12",
    "changes",
    "assets/js/main.js",
    "picture/x",
    "nothing",
)


@pytest.fixture
def folder_backend(tmp_path: Path) -> FolderBackend:
    folder_backend = FolderBackend(tmp_path)
    folder_backend.write_issue(ISSUE)
    return folder_backend


@pytest.fixture
def client(folder_backend: FolderBackend) -> Iterator[TestClient]:
    # Without the context manager the watcher isn't started: nothing changes in these tests.
    client = TestClient(create_app(folder_backend, token=TOKEN, port=8026), base_url=BASE)
    yield client
    client.close()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8026"},
        {"Host": "127.0.0.1:9999"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:8026.evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_a_foreign_host_or_origin_gets_nothing(
    client: TestClient, path: str, headers: dict[str, str]
) -> None:
    """A page elsewhere learns nothing.

    Neither by a name that points at 127.0.0.1 (DNS rebinding), nor by asking from there.
    """
    answer = client.get(f"/{TOKEN}/{path}", headers=headers)
    assert answer.status_code == 403
    assert answer.text == "Open the address that the terminal shows.\n"


@pytest.mark.parametrize(
    "start", ["/", "/x/", f"/{TOKEN}x/", f"//{TOKEN}/", "/%74%30ken%00/", f"/{TOKEN[:-1]}/"]
)
@pytest.mark.parametrize("path", PATHS)
def test_without_the_token_there_is_nothing(client: TestClient, start: str, path: str) -> None:
    """Another user of this machine who finds the port can't look."""
    assert client.get(f"{BASE}{start}{path}").status_code == 403


def test_our_own_host_and_origin_are_let_in(client: TestClient) -> None:
    """127.0.0.1 and localhost, with our own Origin or none."""
    assert client.get(f"/{TOKEN}/issues").json() == ["2026-12"]
    assert client.get(f"/{TOKEN}/issues", headers={"Origin": BASE}).status_code == 200
    assert client.get(f"/{TOKEN}/issues", headers={"Host": "localhost:8026"}).status_code == 200


def test_the_address_without_its_last_slash_leads_to_the_page(client: TestClient) -> None:
    """People lose a slash when they copy."""
    assert client.get(f"/{TOKEN}", follow_redirects=False).headers["location"] == f"/{TOKEN}/"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(client: TestClient, method: str) -> None:
    """Looking is all there is."""
    for path in PATHS[:6]:
        assert client.request(method, f"/{TOKEN}/{path}").status_code == 405


def test_every_answer_says_what_a_browser_may_do_with_it(client: TestClient) -> None:
    """No cache, no sniffing, no referrer with the token in it, no scripts but ours.

    Refusals too.
    """
    for path in ("", "issues", "look?issue=2026-12", "assets/js/main.js", "nothing"):
        headers = client.get(f"/{TOKEN}/{path}").headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "default-src 'none'; script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
    assert client.get("/").headers["referrer-policy"] == "no-referrer"


def test_the_letter_runs_no_scripts_and_loads_nothing_from_elsewhere(client: TestClient) -> None:
    """Also when its frame's address is opened by itself."""
    for query, source in (("", "'self'"), ("&pictures=off", "'none'")):
        policy = client.get(f"/{TOKEN}/mail?issue=2026-12{query}").headers[
            "content-security-policy"
        ]
        rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
        assert rules["default-src"] == "'none'"
        assert rules["img-src"] == source
        assert "script-src" not in rules
        assert "allow-scripts" not in rules["sandbox"]
        assert rules["frame-ancestors"] == "'self'"


@pytest.mark.parametrize(
    "issue",
    ["", "..", "../newsletter", "2026-11", "/etc/passwd", "2026-12.md", "2026-12\x00", "%2e%2e"],
)
def test_only_issues_of_the_list_can_be_looked_at(
    client: TestClient, folder_backend: FolderBackend, issue: str
) -> None:
    """A name is one of those offered, never a path."""
    for path in ("look", "report", "mail", "outline"):
        assert client.get(f"/{TOKEN}/{path}", params={"issue": issue}).status_code == 404
    assert folder_backend.look_count == 0


def test_an_issue_is_drawn_once_however_many_frames_show_it(
    client: TestClient, folder_backend: FolderBackend
) -> None:
    """Three frames and the checks: one drawing."""
    for query in (
        "look?",
        "mail?",
        "report?",
        "mail?scheme=dark&",
        "mail?scheme=inverted&",
        "mail?pictures=off&",
        "report?",
    ):
        assert client.get(f"/{TOKEN}/{query}issue=2026-12").status_code == 200
    assert (folder_backend.look_count, folder_backend.examination_count) == (1, 1)
    assert client.get(f"/{TOKEN}/mail?issue=2026-12&scheme=blue").status_code == 404


def test_only_pictures_of_the_letter_can_be_asked_for(
    client: TestClient, folder_backend: FolderBackend
) -> None:
    """The preview is no way into the network.

    An address that occurs in no letter can't be named.
    """
    url = f"{PICTURES}bibliotek.jpg"
    assert (
        client.get(f"/{TOKEN}/picture/{hash_picture_url(url)}").status_code == 404
    )  # nothing drawn yet
    client.get(f"/{TOKEN}/look?issue=2026-12")
    answer = client.get(f"/{TOKEN}/picture/{hash_picture_url(url)}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    for other in (hash_picture_url("http://169.254.169.254/"), url, "http://127.0.0.1:22/"):
        assert client.get(f"/{TOKEN}/picture/{other}").status_code == 404
    assert folder_backend.requested_pictures == [url]


@pytest.mark.parametrize(
    "kind", ["image/svg+xml", "text/html", "", "application/octet-stream", "image/png\r\nX-A: b"]
)
def test_what_is_no_picture_is_not_shown(
    client: TestClient, folder_backend: FolderBackend, kind: str
) -> None:
    """A page or a script behind a picture's address stays there.

    SVG may hold scripts, and mail clients don't show it.
    """
    folder_backend.load_picture = lambda url: PictureContent(content=b"<script>", content_type=kind)  # type: ignore[method-assign]
    client.get(f"/{TOKEN}/look?issue=2026-12")
    assert (
        client.get(f"/{TOKEN}/picture/{hash_picture_url(f'{PICTURES}bibliotek.jpg')}").status_code
        == 404
    )


def test_a_file_that_cant_be_read_is_told_with_its_line(
    client: TestClient, folder_backend: FolderBackend
) -> None:
    """Not a status code: the page shows it, and goes on."""
    folder_backend.write_issue(ISSUE.replace("number: 12", "nummer: 12"))
    said = client.get(f"/{TOKEN}/look?issue=2026-12").json()
    assert said["problem"]["line"] == 4
    assert [line["text"] for line in said["problem"]["lines"] if line["marked"]] == ["nummer: 12"]
    assert client.get(f"/{TOKEN}/mail?issue=2026-12").status_code == 404


@given(text=st.text(max_size=400))
@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_whatever_stands_in_the_file_the_page_gets_an_answer(
    client: TestClient, folder_backend: FolderBackend, text: str
) -> None:
    """Control characters, broken markup, nothing at all."""
    (folder_backend.folder / "issues" / "any.md").write_bytes(
        ISSUE[:400].encode() + text.encode("utf-8", "surrogatepass")
    )
    fresh = TestClient(create_app(folder_backend, token=TOKEN, port=8026), base_url=BASE)
    answer = fresh.get(f"/{TOKEN}/look?issue=any")
    assert answer.status_code == 200
    assert {"problem", "html"} & answer.json().keys()
    fresh.close()


def test_words_of_an_issue_stay_words_in_the_page(
    client: TestClient, folder_backend: FolderBackend
) -> None:
    """Markup in a subject is shown as text.

    What the page gets is JSON, and the words of its scripts are escaped.
    """
    folder_backend.write_issue(
        ISSUE.replace("Söndagsöppet, nattbuss", "</script><script>alert(1)</script>")
    )
    look = client.get(f"/{TOKEN}/look?issue=2026-12")
    assert look.headers["content-type"] == "application/json"
    assert json.loads(look.text)["subject"].startswith("</script>")
    page = client.get(f"/{TOKEN}/")
    assert page.text.count("<script") == 2
    assert find_pictures(look.json()["html"])


@pytest.mark.parametrize(
    ("language", "said"),
    [("sv", "Bredvid varandra"), ("en-GB", "Side by side"), ("fi", "Side by side")],
)
def test_the_page_speaks_the_interface_language(
    folder_backend: FolderBackend, language: str, said: str
) -> None:
    """Swedish for a Swedish terminal; a language without a catalogue gets English."""
    folder_backend.language = language
    client = TestClient(create_app(folder_backend, token=TOKEN, port=8026), base_url=BASE)
    page = client.get(f"/{TOKEN}/").text
    assert said in page
    assert f'<html lang="{"sv" if language == "sv" else "en"}"' in page
    client.close()
