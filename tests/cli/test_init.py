"""`newsletter init`: a folder that works, or none."""

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsletter.cli import main
from newsletter.cli.init import QUESTIONS
from newsletter.config import load_settings


def run(*words: str, answer: str = "", language: str = "en") -> Result:
    """Make a newsletter."""
    return CliRunner(env={"LANGUAGE": language}).invoke(main, ["init", *words], input=answer)


def test_without_questions(tmp_path: Path) -> None:
    """Examples for what no option says; everything that a first issue needs."""
    folder = tmp_path / "brev"
    done = run(str(folder), "--yes", "--title", "Nytt från Åre")
    assert (done.exit_code, done.stderr) == (0, "")
    settings = load_settings(folder / "newsletter.toml")
    assert settings.newsletter.title == "Nytt från Åre"
    assert (settings.newsletter.language, settings.smtp.port) == ("sv", 465)
    assert (folder / "issues").is_dir()
    assert (folder / "themes" / "default" / "theme.toml").is_file()
    assert (folder / "subscribers.csv").is_file()
    assert str(folder) in done.stdout
    assert "newsletter compose" in done.stdout


@pytest.mark.parametrize(
    ("language", "question", "last"),
    [
        ("en", "What is the newsletter called?", "newsletter send ISSUE --test YOUR-ADDRESS"),
        ("sv", "Vad heter nyhetsbrevet?", "newsletter send NUMMER --test DIN-ADRESS"),
    ],
)
def test_questions_are_asked_in_the_terminals_language(
    tmp_path: Path, language: str, question: str, last: str
) -> None:
    """An empty answer takes the example; what an option says isn't asked."""
    done = run(str(tmp_path / "x"), "--language", "en", answer="Mitt brev\n" + "\n" * 6,
               language=language)  # fmt: skip
    assert done.exit_code == 0, done.output
    assert question in done.stdout
    assert done.stdout.count(" [") == len(QUESTIONS) - 1
    assert last in done.stdout
    found = tomllib.loads((tmp_path / "x" / "newsletter.toml").read_text("utf-8"))["newsletter"]
    assert (found["title"], found["language"]) == ("Mitt brev", "en")
    assert found["from"] == QUESTIONS["sender"][1]


@pytest.mark.parametrize(
    "title", ['Nytt "idag"', "back\\slash", "a # sign", "🌍 [x]", "'''"], ids=repr
)
def test_whatever_is_answered_is_kept_as_it_is(tmp_path: Path, title: str) -> None:
    """Quotation marks and backslashes of TOML too."""
    assert run(str(tmp_path / "x"), "--yes", "--title", title).exit_code == 0
    assert load_settings(tmp_path / "x" / "newsletter.toml").newsletter.title == title


@pytest.mark.parametrize(
    ("option", "value"),
    [("--timezone", "Europe/Nowhere"), ("--from", "no address"), ("--public-url", "ftp://x")],
)
def test_a_wrong_answer_makes_nothing(tmp_path: Path, option: str, value: str) -> None:
    """It is told, and no folder is half made."""
    done = run(str(tmp_path / "x"), "--yes", option, value)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "There is a newsletter in"), ("sv", "Det finns redan ett nyhetsbrev i")],
)
def test_a_newsletter_that_is_there_stays(tmp_path: Path, language: str, sentence: str) -> None:
    """Not a byte is changed."""
    (tmp_path / "newsletter.toml").write_text("mine")
    done = run(str(tmp_path), "--yes", language=language)
    assert done.exit_code == 1
    assert sentence in done.stderr
    assert (tmp_path / "newsletter.toml").read_text() == "mine"
    assert [file.name for file in tmp_path.iterdir()] == ["newsletter.toml"]


def test_a_list_and_a_theme_that_are_there_stay(tmp_path: Path) -> None:
    """Somebody may have begun with them."""
    (tmp_path / "subscribers.csv").write_text("mine")
    (tmp_path / "themes" / "default").mkdir(parents=True)
    assert run(str(tmp_path), "--yes").exit_code == 0
    assert (tmp_path / "subscribers.csv").read_text() == "mine"
    assert list((tmp_path / "themes" / "default").iterdir()) == []


def test_who_signs_in_has_a_file_for_the_password(tmp_path: Path) -> None:
    """The settings name it and hold none; without a name there is no word of it."""
    run(str(tmp_path / "a"), "--yes", "--smtp-username", "brev", "--smtp-security", "starttls")
    text = (tmp_path / "a" / "newsletter.toml").read_text("utf-8")
    smtp = tomllib.loads(text)["smtp"]
    assert (smtp["username"], smtp["password_file"]) == ("brev", "smtp-password")
    assert smtp["security"] == "starttls"
    assert "NEWSLETTER_SMTP__PASSWORD" in text
    run(str(tmp_path / "b"), "--yes")
    assert "password" not in (tmp_path / "b" / "newsletter.toml").read_text("utf-8")


def test_the_example_list_can_be_imported(tmp_path: Path) -> None:
    """As the third step says."""
    run(str(tmp_path / "x"), "--yes")
    done = CliRunner(env={"LANGUAGE": "en"}).invoke(
        main,
        ["-c", str(tmp_path / "x"), "subscribers", "import", str(tmp_path / "x/subscribers.csv")],
    )
    assert done.exit_code == 0, done.output
    assert "refused 0." in done.stdout
