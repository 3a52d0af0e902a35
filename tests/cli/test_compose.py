"""compose and teaser on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsletter.cli import main

SETTINGS = """
[newsletter]
title = "Nytt från regionen"
language = "sv"
timezone = "Europe/Stockholm"
from = "Redaktionen <nyhetsbrev@regionexempel.example.org>"
postal_address = "Box 1, 111 11 Exempelstad"
public_url = "https://nyhetsbrev.example.org"
[[sources]]
url = "blogg"
link = "https://blogg.example.org/{slug}/"
[smtp]
host = "localhost"
security = "none"
"""
TEXT = (
    "Region Exempelland bygger nya cykelvägar i tolv kommuner. Arbetet börjar i april och pågår i"
    " tre år."
)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", "en")
    (tmp_path / "newsletter.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "blogg").mkdir()
    for day in (1, 2):
        head = f"---\ntitle: Inlägg {'ab'[day - 1] * 5}\ndate: 2026-01-0{day}\n---\n"
        (tmp_path / "blogg" / f"post-{day}.md").write_text(head + TEXT, encoding="utf-8")
    return tmp_path


def run(*arguments: str, given: str | bytes = "") -> Result:
    return CliRunner().invoke(main, list(arguments), input=given)


def test_compose_writes_and_says_where(workspace: Path) -> None:
    """One line a post, and what to do next."""
    result = run("compose", "ett")
    assert result.exit_code == 0, result.stderr
    assert "1. Inlägg bbbbb" in result.stdout
    assert "newsletter preview ett" in result.stdout
    assert (workspace / "issues" / "ett.md").is_file()


def test_compose_json_has_the_keys_of_the_contract(workspace: Path) -> None:
    """For other programs; English whatever the terminal speaks."""
    result = run("compose", "ett", "--max", "1", "--json")
    found = json.loads(result.stdout)
    assert set(found) == {"issue", "path", "posts", "left_out", "notes"}
    assert set(found["posts"][0]) == {"id", "title", "url", "summary", "reason", "words"}
    assert set(found["left_out"][0]) == {"id", "title", "url", "reason"}
    assert (found["posts"][0]["summary"], found["posts"][0]["words"]) == (TEXT, len(TEXT.split()))
    assert found["posts"][0]["url"] == "https://blogg.example.org/post-2/"


def test_compose_explains_every_post(workspace: Path) -> None:
    """In or out, with the reason."""
    result = run("compose", "--max", "1", "--explain", "--dry-run")
    assert "Inlägg aaaaa" in result.stdout
    assert "No room: an issue holds 1 posts." in result.stdout
    assert not (workspace / "issues").exists()


def test_nothing_new_is_one_sentence_and_exit_1(workspace: Path) -> None:
    """And the reasons, where they are asked for."""
    run("compose", "ett")
    result = run("compose", "två", "--explain")
    assert result.exit_code == 1
    assert "There is nothing new to announce" in result.stderr
    assert "Stands in the draft ett already." in result.stdout


@pytest.mark.parametrize(
    "arguments", [("--since", "igår"), ("--max", "0"), ("--until", "2026-13-01")]
)
def test_wrong_use_exits_with_2(workspace: Path, arguments: tuple[str, str]) -> None:
    """With a word on what is right."""
    assert run("compose", *arguments).exit_code == 2


def test_since_and_until_are_days(workspace: Path) -> None:
    """Both days are in."""
    found = json.loads(
        run("compose", "--since", "2026-01-02", "--until", "2026-01-02", "--json").stdout
    )
    assert [post["title"] for post in found["posts"]] == ["Inlägg bbbbb"]


def test_teaser_of_files_and_standard_input(workspace: Path) -> None:
    """Markdown, HTML and text, with its reason."""
    assert run("teaser", "blogg/post-1.md", "--language", "sv").stdout.strip() == TEXT
    found = json.loads(
        run(
            "teaser",
            "-",
            "--language",
            "sv",
            "--json",
            given=f"<title>T</title><h1>T</h1><p>{TEXT}</p>",
        ).stdout
    )
    assert found == {"title": "T", "summary": TEXT, "reason": "window", "words": len(TEXT.split())}


def test_teaser_jsonl_answers_every_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No workspace is needed; a bad line is answered and the others go on."""
    monkeypatch.chdir(tmp_path)
    lines = [
        json.dumps(
            {
                "id": "a",
                "title": "T",
                "lang": "sv",
                "body": f"<p>{TEXT}</p>",
                "body_format": "html",
                "url": "https://x.example/",
            }
        ),
        "{broken",
        "[]",
        '{"id": 7}',
        '{"id": 8, "body": "x", "body_format": "docx"}',
        '{"id": 9, "body": "\\ud800 Hej", "body_format": "text", "lang": 3, "title": null}',
        "",
        json.dumps({"id": "b", "lang": "sv", "body": f"## R\n\n{TEXT}", "body_format": "markdown"}),
    ]
    result = run("teaser", "--jsonl", given="\n".join(lines).encode() + b"\n\xff\xfe{}\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert answers[0] == {
        "id": "a",
        "summary": TEXT,
        "reason": "window",
        "words": len(TEXT.split()),
    }
    assert [answer.get("error") for answer in answers[1:5]] == [
        "line 2 is no JSON",
        "line 3 has no body",
        "line 4 has no body",
        "line 5: body_format must be one of html, markdown, text",
    ]
    assert answers[6] == {
        "id": "b",
        "summary": TEXT,
        "reason": "window",
        "words": len(TEXT.split()),
    }
    assert answers[7]["error"] == "line 9 is no JSON"


@pytest.mark.parametrize(
    "arguments",
    [
        ("teaser",),
        ("teaser", "--jsonl", "x"),
        ("teaser", "x", "--words", "50-35"),
        ("teaser", "x", "--words", "many"),
    ],
)
def test_teaser_used_wrongly(arguments: tuple[str, ...]) -> None:
    """Exit code 2."""
    assert run(*arguments).exit_code == 2


def test_teaser_of_nothing_is_one_sentence(workspace: Path) -> None:
    """A missing file, an empty one, an address of this machine."""
    (workspace / "tom.md").write_text("", encoding="utf-8")
    for source, part in (
        ("finns-inte.md", "can't be read"),
        ("tom.md", "no whole sentence"),
        ("http://127.0.0.1:9/", "127.0.0.1"),
    ):
        result = run("teaser", source)
        assert result.exit_code == 1
        assert part in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1


def test_a_post_of_a_deleted_draft_can_be_held_at_once(workspace: Path) -> None:
    """Deleting the file gives its posts back, also before anything is composed again."""
    run("compose", "ett")
    (workspace / "issues" / "ett.md").unlink()
    assert {post["state"] for post in json.loads(run("posts", "--json").stdout)} == {"new"}
    held = run("posts", "hold", "https://blogg.example.org/post-1/")
    assert held.exit_code == 0, held.stderr
    result = json.loads(run("compose", "ett", "--json").stdout)
    assert [post["title"] for post in result["posts"]] == ["Inlägg bbbbb"]


def test_posts_shows_what_changed_since_it_was_picked(workspace: Path) -> None:
    """Another issue's composing finds the change."""
    run("compose", "ett")
    file = workspace / "blogg" / "post-1.md"
    file.write_text(file.read_text(encoding="utf-8") + " Och ett tillägg.", encoding="utf-8")
    (workspace / "blogg" / "post-3.md").write_text(
        f"---\ntitle: Inlägg ccccc\ndate: 2026-01-03\n---\n{TEXT} Mer.", encoding="utf-8"
    )
    run("compose", "två")
    assert {
        post["title"]: post["changed"] for post in json.loads(run("posts", "--json").stdout)
    } == {
        "Inlägg aaaaa": True,
        "Inlägg bbbbb": False,
        "Inlägg ccccc": False,
    }
    assert "picked, changed since" in run("posts").stdout.replace("\n", " ")


def test_explain_says_of_each_post_that_is_in_why(workspace: Path) -> None:
    """Pinned, new, or in the issue already."""
    first = run("compose", "ett", "--pin", "https://blogg.example.org/post-1/", "--explain").stdout
    assert "You pinned it." in first
    assert "New, of 2026-01-02." in first
    assert run("compose", "ett", "--explain").stdout.count("It stands in this issue already.") == 2


def test_explain_names_the_posts_that_are_too_few(workspace: Path) -> None:
    """None is dropped silently where an issue must have more."""
    settings = workspace / "newsletter.toml"
    settings.write_text(
        f"{settings.read_text(encoding='utf-8')}[compose]\nmin_posts = 3\n", encoding="utf-8"
    )
    result = run("compose", "--explain")
    assert result.exit_code == 1
    assert result.stdout.count("It would be in, but waits: an issue has at least 3 posts.") == 2


def test_the_post_that_others_are_related_to_is_named_as_such(workspace: Path) -> None:
    """It is no post about other things."""
    result = run(
        "compose", "--related-to", "https://blogg.example.org/post-1/", "--explain", "--dry-run"
    )
    assert "It is the post that --related-to names." in result.stdout
    assert "% alike" in result.stdout


@pytest.mark.parametrize("body_format", ["html", "markdown"])
def test_teaser_takes_what_stands_before_the_more_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body_format: str
) -> None:
    """Its author chose it."""
    monkeypatch.chdir(tmp_path)
    lead = (
        "Regionen bygger nya cykelvägar i tolv kommuner, och arbetet börjar redan i april nästa år."
    )
    body = (
        f"<p>{lead}</p>\n\n<!--more-->\n\n<p>{TEXT * 3}</p>"
        if body_format == "html"
        else f"{lead}\n\n<!-- more -->\n\n{TEXT * 3}"
    )
    row = json.dumps({"id": 1, "title": "", "lang": "sv", "body": body, "body_format": body_format})
    answer = json.loads(run("teaser", "--jsonl", given=row).stdout)
    assert (answer["summary"], answer["reason"]) == (lead, "lead")
