"""Editing through the preview's addresses.

Who may, what it does to file and ledger, and what it leaves alone.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from newsletter.app import Workspace, open_workspace
from newsletter.app.issue_files import read_issue
from newsletter.app.rendering import render_issue
from newsletter.compose.issue_file.read import parse_issue
from newsletter.domain.post import PostState
from newsletter.store import issues, ledger
from newsletter.web.preview.app import create_app
from newsletter.web.preview.json_request import MAX_BODY_BYTES
from tests.web.preview.served_preview import TOKEN, create_workspace, open_backends

BASE = "http://127.0.0.1:8026"
POST_PATHS = ("edit", "undo", "redo", "test")
OWN_HEADERS = {
    "Origin": BASE,
    "Content-Type": "application/json",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Dest": "empty",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_workspace(tmp_path).close()
    return tmp_path


@pytest.fixture
def issue_path(folder: Path) -> Path:
    return folder / "issues" / "2026-12.md"


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    desk, editor = open_backends(folder)
    client = TestClient(
        create_app(desk, token=TOKEN, port=8026, edit_backend=editor), base_url=BASE
    )
    yield client
    client.close()
    desk.close()


@pytest.fixture
def workspace(folder: Path) -> Iterator[Workspace]:
    workspace = open_workspace(folder / "newsletter.toml")
    yield workspace
    workspace.close()


def read_state(client: TestClient) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"/{TOKEN}/editing?issue=2026-12").json()
    return answer


def post_json(client: TestClient, path: str, value: object, **headers: str) -> Any:
    return client.post(f"/{TOKEN}/{path}", content=json.dumps(value), headers=OWN_HEADERS | headers)


def post_edit(client: TestClient, edit: object, version: str = "") -> Any:
    return post_json(
        client,
        "edit",
        {"issue": "2026-12", "version": version or read_state(client)["version"], "edit": edit},
    )


def read_states(workspace: Workspace) -> dict[str, tuple[PostState, str | None]]:
    with workspace.database.read() as connection:
        return {
            entry.post.title: (entry.state, entry.issue_name)
            for entry in ledger.list_entries(connection)
        }


@pytest.mark.parametrize("path", POST_PATHS)
@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Origin": ""}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "http://localhost:8026"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Dest": "iframe"}, 403),
        ({"Sec-Fetch-Dest": "document"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Length": str(MAX_BODY_BYTES + 1)}, 413),
    ],
    ids=str,
)
def test_only_the_page_itself_changes_anything(
    client: TestClient, issue_path: Path, path: str, headers: dict[str, str], code: int
) -> None:
    """Another site, another port, a form, a frame, a flood: refused, and the file is as it was."""
    before = issue_path.read_bytes()
    change = {"kind": "write", "part": "subject", "text": "Hack", "at": None}
    value = {
        "issue": "2026-12",
        "version": read_state(client)["version"],
        "address": "a@example.org",
        "edit": change,
    }
    assert post_json(client, path, value, **headers).status_code == code
    without = {name: text for name, text in OWN_HEADERS.items() if name != "Origin"}
    assert (
        client.post(f"/{TOKEN}/{path}", content=json.dumps(value), headers=without).status_code
        == 403
    )
    assert (
        client.post(f"/wrong/{path}", content=json.dumps(value), headers=OWN_HEADERS).status_code
        == 403
    )
    assert client.get(f"/{TOKEN}/{path}").status_code == 405
    assert issue_path.read_bytes() == before


def test_a_body_without_a_length_has_an_end(client: TestClient) -> None:
    """Chunks are counted; what is too much is refused before it is all read."""
    chunks = (b" " * 100_000 for _ in range(100))
    assert client.post(f"/{TOKEN}/edit", content=chunks, headers=OWN_HEADERS).status_code == 413


values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)
kinds = [
    "write",
    "move",
    "remove",
    "add",
    "add-section",
    "move-section",
    "remove-section",
    "shorter",
    "longer",
    "ours",
    "x",
]
edit_requests = st.fixed_dictionaries(
    {"kind": st.sampled_from(kinds)},
    optional={
        "part": st.sampled_from(["subject", "summary", "alt", "section-title", "x"]),
        "text": values,
        "at": values | st.tuples(st.integers(-1, 2), st.integers(-1, 6)),
        "to": values | st.tuples(st.integers(-1, 2), st.integers(-1, 6)),
        "title": values,
        "post": values,
        "decorative": values,
    },
)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(value=edit_requests | values)
def test_whatever_is_asked_the_file_is_an_issue(
    client: TestClient, issue_path: Path, value: object
) -> None:
    """Nonsense is refused with 400 or a sentence; what is done leaves an issue that can be read."""
    answer = post_edit(client, value)
    assert answer.status_code in (200, 400, 422), answer.text
    if answer.status_code == 422:
        assert answer.json()["problem"]
    parse_issue(issue_path.read_text("utf-8"), issue_name="2026-12")


@pytest.mark.parametrize(
    "body",
    ["", "[]", "nul", '"x"', "{", "[" * 100_000, '{"issue": 3}', '{"issue": "../newsletter"}'],
)
def test_nonsense_is_refused(client: TestClient, body: str) -> None:
    """No crash for a body that no page of ours sends, and no way out of the folder."""
    assert client.post(f"/{TOKEN}/edit", content=body, headers=OWN_HEADERS).status_code in (
        400,
        404,
    )


def test_one_word_changed_is_one_line_changed(client: TestClient, issue_path: Path) -> None:
    """With a person's own line ends, and with the mark that Notepad puts at the beginning.

    The former file lies beside it.
    """
    text = issue_path.read_text("utf-8").replace("\n", "\r\n")
    raw = b"\xef\xbb\xbf" + text.encode()
    issue_path.write_bytes(raw)
    answer = post_edit(client, {"kind": "write", "part": "subject", "text": "Nyheter", "at": None})
    assert answer.json()["said"] == "Subject changed"
    subject = next(line for line in text.split("\r\n") if line.startswith("subject:"))
    assert issue_path.read_bytes() == raw.replace(subject.encode(), b"subject: Nyheter")
    assert issue_path.with_name("2026-12.md.bak").read_bytes() == raw


def test_undo_and_redo_over_reloads(client: TestClient, issue_path: Path) -> None:
    """The server remembers; undoing all gives the first file, redoing all the last, to the byte."""
    texts = [issue_path.read_bytes()]
    for change in (
        {"kind": "write", "part": "intro", "text": "Hejsan!\n\n### Inte en rubrik", "at": None},
        {"kind": "move", "at": [0, 0], "to": [0, 3]},
        {"kind": "add-section", "to": 1, "title": "Mer"},
        {"kind": "move", "at": [0, 1], "to": [1, 0]},
        {"kind": "remove", "at": [0, 0]},
        {"kind": "remove-section", "at": 1},
    ):
        assert post_edit(client, change).status_code == 200
        texts.append(issue_path.read_bytes())
    assert len(set(texts)) == len(texts)
    for text in texts[-2::-1]:
        assert post_json(client, "undo", {"issue": "2026-12"}).status_code == 200
        assert issue_path.read_bytes() == text
    assert post_json(client, "undo", {"issue": "2026-12"}).status_code == 422
    for text in texts[1:]:
        assert post_json(client, "redo", {"issue": "2026-12"}).status_code == 200
        assert issue_path.read_bytes() == text
    assert read_state(client)["redo"] is None
    assert read_state(client)["undo"].startswith("Section removed")


def test_undo_goes_on_after_the_preview_was_ended(
    client: TestClient, folder: Path, issue_path: Path
) -> None:
    """On Monday Friday's changes can be taken back, one by one, and done again.

    What was written since in an editor stays.
    """
    before = issue_path.read_text("utf-8")
    post_edit(client, {"kind": "write", "part": "subject", "text": "Fredag", "at": None})
    post_edit(client, {"kind": "write", "part": "summary", "text": "Också {fredag}.", "at": [0, 0]})
    post_json(client, "undo", {"issue": "2026-12"})
    issue_path.write_text(issue_path.read_text("utf-8").replace("Hej!", "Hejsan!"), "utf-8")
    desk, editor = open_backends(folder)
    monday = TestClient(
        create_app(desk, token=TOKEN, port=8026, edit_backend=editor), base_url=BASE
    )
    assert (read_state(monday)["undo"], read_state(monday)["redo"]) == (
        "Subject changed",
        "Summary changed: Biblioteken öppnar på söndagar",
    )
    assert post_json(monday, "redo", {"issue": "2026-12"}).status_code == 200
    assert "Också {fredag}." in issue_path.read_text("utf-8")
    for _ in range(2):
        assert post_json(monday, "undo", {"issue": "2026-12"}).status_code == 200
    assert issue_path.read_text("utf-8") == before.replace("Hej!", "Hejsan!")
    assert read_state(monday)["undo"] is None
    monday.close()
    desk.close()


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    kept=st.text(max_size=60)
    | st.builds(
        json.dumps, st.fixed_dictionaries({"texts": values, "done": values, "undone": values})
    )
)
def test_a_damaged_history_is_none(folder: Path, kept: str) -> None:
    """The preview opens, and edits; only what was done before can't be undone."""
    desk, editor = open_backends(folder)
    editor.save_history("2026-12", kept)
    fresh = TestClient(create_app(desk, token=TOKEN, port=8026, edit_backend=editor), base_url=BASE)
    assert read_state(fresh)["undo"] is None
    assert (
        post_edit(
            fresh, {"kind": "write", "part": "subject", "text": f"Ämne {len(kept)}", "at": None}
        ).status_code
        == 200
    )
    fresh.close()
    desk.close()


def test_undo_leaves_what_an_editor_wrote_since(client: TestClient, issue_path: Path) -> None:
    """Elsewhere in the file: both.

    At the same place: the person is asked, and nothing is written.
    """
    subject = read_state(client)["parts"]["subject"]
    post_edit(client, {"kind": "write", "part": "subject", "text": "Mitt ämne", "at": None})
    issue_path.write_text(issue_path.read_text("utf-8").replace("Hej!", "Hejsan!"), "utf-8")
    assert post_json(client, "undo", {"issue": "2026-12"}).status_code == 200
    assert f"subject: {subject}" in issue_path.read_text("utf-8")
    assert "Hejsan!" in issue_path.read_text("utf-8")
    post_edit(client, {"kind": "write", "part": "subject", "text": "Mitt ämne", "at": None})
    theirs = issue_path.read_text("utf-8").replace("Mitt ämne", "Deras ämne")
    issue_path.write_text(theirs, "utf-8")
    answer = post_json(client, "undo", {"issue": "2026-12"})
    assert answer.status_code == 409
    assert ["removed", "Deras ämne"] in [
        [change, text.strip()] for change, text in answer.json()["conflict"]["words"]
    ] or "Deras" in answer.text
    assert issue_path.read_text("utf-8") == theirs
    assert post_json(client, "undo", {"issue": "2026-12", "force": True}).status_code == 200
    assert f"subject: {subject}" in issue_path.read_text("utf-8")


def test_a_conflict_shows_both_and_writes_nothing(client: TestClient, issue_path: Path) -> None:
    """Until the person has chosen; hers then stands where the teaser is now."""
    seen = read_state(client)
    was = seen["sections"][0]["teasers"][0]["summary"]
    post_edit(client, {"kind": "move", "at": [0, 0], "to": [0, 2]})
    theirs = issue_path.read_text("utf-8").replace(was, "Deras ord.")
    issue_path.write_text(theirs, "utf-8")
    answer = post_edit(
        client,
        {"kind": "write", "part": "summary", "text": "Mina ord.", "at": [0, 0]},
        seen["version"],
    )
    assert answer.status_code == 409
    conflict = answer.json()["conflict"]
    assert (conflict["mine"], conflict["theirs"], conflict["again"]["at"]) == (
        "Mina ord.",
        "Deras ord.",
        [0, 2],
    )
    assert issue_path.read_text("utf-8") == theirs
    assert (
        post_edit(client, conflict["again"], answer.json()["state"]["version"]).status_code == 200
    )
    assert issue_path.read_text("utf-8") == theirs.replace("Deras ord.", "Mina ord.")


def test_a_version_that_nobody_knows_is_told(client: TestClient) -> None:
    """A page from before the preview was started again."""
    answer = post_edit(client, {"kind": "remove", "at": [0, 0]}, "0" * 16)
    assert answer.status_code == 422
    assert "too old" in answer.json()["problem"]


def test_a_broken_file_is_left_alone(client: TestClient, issue_path: Path) -> None:
    """Half a file from an editor isn't written over."""
    seen = read_state(client)
    issue_path.write_text("---\nsubj", "utf-8")
    assert post_edit(
        client, {"kind": "write", "part": "subject", "text": "x", "at": None}, seen["version"]
    ).status_code in (409, 422)
    assert issue_path.read_text("utf-8") == "---\nsubj"


def test_a_post_that_was_left_out_is_added_and_given_back(
    client: TestClient, workspace: Workspace, issue_path: Path
) -> None:
    """Found by its words, picked in the ledger while it is in the file.

    Undone, it is what it was, held or new.
    """
    with workspace.database.begin() as connection:
        (held,) = [
            entry
            for entry in ledger.list_entries(connection)
            if entry.post.title == "Vinden på Hallsbacken"
            or "vind" in (entry.post.title or "").lower()
        ][:1]
        ledger.set_state(connection, held.post.id, PostState.held, workspace.clock())
    found = client.get(f"/{TOKEN}/leftout?issue=2026-12&q={held.post.title.split()[0]}").json()
    assert {"id": held.post.id, "state": "held"}.items() <= next(
        one for one in found if one["id"] == held.post.id
    ).items()
    assert client.get(f"/{TOKEN}/leftout?issue=2026-12&q=xyzzy").json() == []
    there = {teaser["post"] for teaser in read_state(client)["sections"][0]["teasers"]}
    assert not there & {
        one["id"] for one in client.get(f"/{TOKEN}/leftout?issue=2026-12&q=").json()
    }
    assert post_edit(client, {"kind": "add", "post": held.post.id, "to": [0, 1]}).status_code == 200
    assert read_state(client)["sections"][0]["teasers"][1]["post"] == held.post.id
    assert read_states(workspace)[held.post.title] == (PostState.picked, "2026-12")
    post_json(client, "undo", {"issue": "2026-12"})
    assert read_states(workspace)[held.post.title][0] is PostState.held
    post_json(client, "redo", {"issue": "2026-12"})
    assert read_states(workspace)[held.post.title] == (PostState.picked, "2026-12")


def test_a_teaser_taken_out_can_be_put_in_again(client: TestClient, workspace: Workspace) -> None:
    """As when it is deleted in an editor: it stays this issue's, and is offered."""
    first = read_state(client)["sections"][0]["teasers"][0]
    post_edit(client, {"kind": "remove", "at": [0, 0]})
    assert read_states(workspace)[first["title"]] == (PostState.picked, "2026-12")
    found = client.get(f"/{TOKEN}/leftout?issue=2026-12&q=").json()
    assert "taken out" in next(one["said"] for one in found if one["id"] == first["post"])
    post_edit(client, {"kind": "add", "post": first["post"], "to": [0, 0]})
    assert read_state(client)["sections"][0]["teasers"][0] == first


def test_a_summary_grows_and_shrinks_by_whole_sentences(client: TestClient) -> None:
    """From the post's text, between 25 and 60 words.

    What compose wrote is a step away, and the page says whose words they are.
    """

    def read_teaser() -> dict[str, Any]:
        found: dict[str, Any] = read_state(client)["sections"][0]["teasers"][0]
        return found

    first = read_teaser()
    assert first["why"] == "the best sentences of the text"
    lengths = [first["words"]]
    while read_teaser()["longer"]:
        assert post_edit(client, {"kind": "longer", "at": [0, 0]}).status_code == 200
        lengths.append(read_teaser()["words"])
        assert read_teaser()["why"] == "sentences of the text that you chose"
    while read_teaser()["shorter"]:
        assert post_edit(client, {"kind": "shorter", "at": [0, 0]}).status_code == 200
        lengths.append(read_teaser()["words"])
    assert len(set(lengths)) > 2
    assert all(25 <= count <= 60 for count in lengths)
    assert read_teaser()["summary"].endswith(".")
    assert post_edit(client, {"kind": "shorter", "at": [0, 0]}).status_code == 422
    post_edit(client, {"kind": "write", "part": "summary", "text": "Mina ord.", "at": [0, 0]})
    assert read_teaser()["why"] == "your words"
    post_edit(client, {"kind": "ours", "at": [0, 0]})
    assert read_teaser() == first


def test_readers_are_found_by_address_or_name(client: TestClient) -> None:
    """At most ten; the letter has the subscriber's address.

    None of their links works: looking unsubscribes nobody.
    """
    (found,) = client.get(f"/{TOKEN}/readers?q=BJÖRK").json()
    assert found["email"] == "bo@example.com"
    assert len(client.get(f"/{TOKEN}/readers?q=").json()) == 3
    assert client.get(f"/{TOKEN}/readers?q=%25").json() == []
    look = client.get(f"/{TOKEN}/look?issue=2026-12&reader={found['id']}").json()
    assert look["reader"] == "bo@example.com"
    headers = client.get(f"/{TOKEN}/report?issue=2026-12&reader={found['id']}").json()["headers"]
    assert ["To", "bo@example.com"] in [
        [name, value.split("<")[-1].rstrip(">")] for name, value in headers
    ]
    mail = client.get(f"/{TOKEN}/mail?issue=2026-12&reader={found['id']}").text
    assert "bo@example.com" in mail
    made_up = client.get(f"/{TOKEN}/look?issue=2026-12&reader=").json()
    link = next(line for line in look["text"].split() if "/u/" in line)
    assert link in made_up["text"]


def test_an_issue_that_was_sent_stays_as_it_is(
    client: TestClient, workspace: Workspace, issue_path: Path
) -> None:
    """It says why, and refuses."""
    rendered = render_issue(workspace, read_issue(workspace, "2026-12"))
    with workspace.database.begin() as connection:
        issues.add(connection, "2026-12", rendered, segment="", now=workspace.clock())
    before = issue_path.read_bytes()
    assert "reaches nobody" in read_state(client)["locked"]
    assert post_edit(client, {"kind": "remove", "at": [0, 0]}).status_code == 422
    assert issue_path.read_bytes() == before


def test_the_difference_from_the_issue_before(client: TestClient) -> None:
    """The one whose name comes before; the first has none."""
    found = client.get(f"/{TOKEN}/difference?issue=2026-12").json()
    assert found["before"] == "2026-11"
    assert {one["change"] for one in found["teasers"]} >= {"added", "removed"}
    assert client.get(f"/{TOKEN}/difference?issue=2026-11").json() is None


def test_a_test_that_the_server_refuses_is_told(client: TestClient) -> None:
    """No mail server there, or no address: a sentence."""
    assert post_json(client, "test", {"issue": "2026-12", "address": "nobody"}).status_code == 422
    answer = post_json(client, "test", {"issue": "2026-12", "address": "anna@example.org"})
    assert answer.status_code == 422
    assert "127.0.0.1" in answer.json()["problem"]
