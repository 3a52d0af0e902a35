"""`newsletter teaser`: forms, lengths, codes and wording."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from newsletter.cli import main
from newsletter.cli.teaser import WordRange

SENTENCES = (
    "Färjan mellan fastlandet och ön går hela vintern, med fyra turer om dagen i vardera"
    " riktningen. Biljetten kostar lika mycket som förut, och cyklar följer med gratis. Regionen"
    " har beslutat om turlistan tillsammans med kommunen och de boende på ön."
)
WORDS = SENTENCES.split()
KEYS = {"title", "summary", "reason", "words"}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where there is no newsletter: none is needed."""
    monkeypatch.chdir(tmp_path)


def run(*words: str, answer: str | bytes = "", language: str = "en") -> Result:
    """Run the command."""
    return CliRunner(env={"LANGUAGE": language}).invoke(main, ["teaser", *words], input=answer)


def read(*words: str, answer: str | bytes = "") -> dict[str, object]:
    """Return what is said for programs."""
    done = run(*words, "--json", answer=answer, language="sv")
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a.txt", SENTENCES, ""),
        ("a.md", f"---\ntitle: Färjan\n---\n{SENTENCES}\n", "Färjan"),
        ("a.md", f"{SENTENCES}\n", ""),
        ("a.html", f"<title>Färjan &amp; ön</title><p>{SENTENCES}</p>", "Färjan & ön"),
        ("a.html", f"<p>{SENTENCES}</p>", ""),
    ],
    ids=["text", "markdown with a title", "markdown", "html with a title", "html"],
)
def test_files(name: str, text: str, title: str) -> None:
    """By their ending; whole sentences of the text, as many as asked for."""
    Path(name).write_text(text, encoding="utf-8")
    found = read(name)
    assert set(found) == KEYS
    assert found["title"] == title
    assert str(found["summary"])[:40] == SENTENCES[:40]
    assert 10 <= int(str(found["words"])) <= 50


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_standard_input_in_any_encoding(encoding: str) -> None:
    """As other programs pipe it."""
    found = read("-", answer=SENTENCES.encode(encoding))
    assert str(found["summary"]).startswith("Färjan mellan fastlandet och ön")


def test_the_summary_stands_alone_on_standard_output() -> None:
    """How long it is and why is said beside it."""
    done = run("-", answer=SENTENCES)
    assert done.stdout.strip() in SENTENCES
    assert done.stderr.startswith(f"{len(done.stdout.split())} words (")
    assert f"{len(done.stdout.split())} ord (" in run("-", answer=SENTENCES, language="sv").stderr


@pytest.mark.parametrize("words", [(5, 15), (20, 40), (35, 50)])
def test_as_long_as_asked_for(words: tuple[int, int]) -> None:
    """Never longer; shorter only where no sentence fits."""
    found = read("-", "--words", f"{words[0]}-{words[1]}", answer=SENTENCES)
    assert int(str(found["words"])) == len(str(found["summary"]).split())
    assert int(str(found["words"])) <= words[1]


@pytest.mark.parametrize(
    ("typed", "range_"),
    [("35-50", (35, 50)), (" 1 – 999 ", (1, 999)), ("7-7", (7, 7)), ((3, 4), (3, 4))],
    ids=str,
)
def test_lengths(typed: object, range_: tuple[int, int]) -> None:
    """A hyphen or a dash, with or without spaces."""
    assert WordRange().convert(typed, None, None) == range_


@pytest.mark.parametrize("typed", ["", "35", "50-35", "0-5", "a-b", "1-1000", "-5-3", "35-50 x"])
def test_lengths_that_are_none(typed: str) -> None:
    """Wrong use, with an example."""
    with pytest.raises(click.BadParameter, match="as in 35-50"):
        WordRange().convert(typed, None, None)
    assert run("-", "--words", typed, answer=SENTENCES).exit_code == 2


@pytest.mark.parametrize(
    ("words", "answer", "english", "swedish"),
    [
        (["saknas.txt"], "", "saknas.txt can't be read (No such file",
         "saknas.txt går inte att läsa"),
        (["."], "", ". can't be read", ". går inte att läsa"),
        (["-"], "", "has no whole sentence", "har ingen hel mening"),
        (["bad.md"], "", "front matter is wrong", "Texthuvudet är fel"),
    ],
    ids=["missing", "a folder", "nothing", "front matter"],
)  # fmt: skip
def test_what_has_no_summary(words: list[str], answer: str, english: str, swedish: str) -> None:
    """Exit code 1, one sentence, in both languages."""
    Path("bad.md").write_text("---\ntitle: [unclosed\n---\nText\n")
    done = run(*words, answer=answer)
    assert (done.exit_code, done.stdout) == (1, "")
    assert english in done.stderr
    assert "Traceback" not in done.stderr
    assert swedish in run(*words, answer=answer, language="sv").stderr


@pytest.mark.parametrize(
    ("words", "english", "swedish"),
    [
        ([], "Name a file, an address, or -", "Ange en fil, en adress eller -"),
        (["a.txt", "--jsonl"], "--jsonl reads standard input", "--jsonl läser standard in"),
    ],
    ids=["nothing named", "jsonl and a file"],
)
def test_wrong_use(words: list[str], english: str, swedish: str) -> None:
    """Exit code 2."""
    done = run(*words)
    assert done.exit_code == 2
    assert english in " ".join(done.stderr.split())
    assert swedish in " ".join(run(*words, language="sv").stderr.split())


def test_without_settings_no_private_address_is_read() -> None:
    """SSRF: nobody has allowed it."""
    done = run("http://127.0.0.1:9/metadata")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "127.0.0.1" in done.stderr


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("{", {"id": None, "error": "line 1 is no JSON"}),
        ("[" * 100_000, {"id": None, "error": "line 1 is no JSON"}),
        ("[]", {"id": None, "error": "line 1 has no body"}),
        ('{"id": 7}', {"id": 7, "error": "line 1 has no body"}),
        ('{"id": "x", "body": 1}', {"id": "x", "error": "line 1 has no body"}),
        ('{"body": "x", "body_format": "rtf"}',
         {"id": None, "error": "line 1: body_format must be one of html, markdown, text"}),
    ],
    ids=["no JSON", "too deep", "no object", "no body", "body is a number", "form"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_bad_line_gets_an_answer(line: str, answer: dict[str, object], language: str) -> None:
    """Never translated; the line after it goes on."""
    good = json.dumps({"id": 2, "body": SENTENCES, "body_format": "text"})
    done = run("--jsonl", answer=f"{line}\n\n{good}\n", language=language)
    assert done.exit_code == 0
    first, second = map(json.loads, done.stdout.splitlines())
    assert first == answer
    assert set(second) == {"id", "summary", "reason", "words"}
    assert second["id"] == 2


def test_lone_surrogates_can_be_written() -> None:
    """JSON may escape them, and no file can hold them."""
    line = '{"id": 1, "title": "\\ud800", "body": "\\udfff ' + SENTENCES + '"}'
    done = run("--jsonl", answer=line)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["summary"]
