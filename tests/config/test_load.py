"""newsletter.toml and the environment become settings, or one message with all mistakes."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.config import find_settings_file, load_settings
from newsletter.errors import SettingsError

GOOD = """\
[newsletter]
title = "Nytt från regionen"
language = "sv"
timezone = "Europe/Stockholm"
from = "Redaktionen <nyhetsbrev@example.org>"
postal_address = "Box 1, 111 11 Exempelstad"
public_url = "https://nyhetsbrev.example.org/"

[[sources]]
url = "https://blogg.example.org/feed/"

[smtp]
host = "smtp.example.org"
"""


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("NEWSLETTER_SMTP__PASSWORD", "NEWSLETTER_SMTP__HOST"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "newsletter.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def read_refusal(settings_file: Path, text: str) -> str:
    settings_file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(settings_file)
    return str(caught.value)


def test_what_is_needed_is_enough(settings_file: Path) -> None:
    """Everything else has the default that the reference shows."""
    settings = load_settings(settings_file)
    assert settings.newsletter.sender == "Redaktionen <nyhetsbrev@example.org>"
    assert settings.newsletter.public_url == "https://nyhetsbrev.example.org"
    assert (settings.smtp.port, settings.smtp.security, settings.smtp.connections) == (
        465,
        "tls",
        4,
    )
    assert (settings.compose.max_posts, settings.compose.teaser_words) == (10, (35, 50))
    assert settings.storage.url == "sqlite:///newsletter.db"
    assert settings.dkim is None


def test_the_environment_wins_over_the_file(
    settings_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A secret comes from the environment, and so may anything else.

    Without touching its neighbours.
    """
    settings_file.write_text(GOOD + 'username = "n"\n', encoding="utf-8")
    monkeypatch.setenv("NEWSLETTER_SMTP__PASSWORD", "s3kret")
    monkeypatch.setenv("NEWSLETTER_SMTP__HOST", "other.example.org")
    settings = load_settings(settings_file)
    assert settings.smtp.host == "other.example.org"
    assert settings.smtp.username == "n"
    assert settings.smtp.password is not None
    assert settings.smtp.password.get_secret_value() == "s3kret"
    assert "s3kret" not in repr(settings) + str(settings.model_dump())


def test_all_mistakes_come_in_one_message_with_key_and_line(settings_file: Path) -> None:
    """Staff mend everything at once, not one mistake a run."""
    text = GOOD.replace('title = "Nytt från regionen"\n', "").replace(
        "Europe/Stockholm", "Europe/Stokholm"
    )
    message = read_refusal(
        settings_file,
        text
        + 'prt = 25\nport = 70000\nsecurity = "ssl"\n[[smtp.limits]]\ndomain = "example.net"\nrate'
        ' = "many"\n',
    )
    assert message.splitlines() == [
        "newsletter.toml, line 1: newsletter.title is missing. Add it.",
        (
            "newsletter.toml, line 3: newsletter.timezone: “Europe/Stokholm” is no time zone. Write"
            " one such as Europe/Stockholm."
        ),
        "newsletter.toml, line 14: smtp.port must be at most 65535.",
        "newsletter.toml, line 15: smtp.security must be 'tls', 'starttls' or 'none'.",
        (
            "newsletter.toml, line 18: smtp.limits[1].rate: “many” is no rate. Write one such as"
            " 20/second, 600/minute or 5000/hour."
        ),
        "newsletter.toml, line 13: smtp.prt is not a setting. Did you mean smtp.port?",
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[smtp]", "[smpt]", "smpt is not a setting. Did you mean smtp?"),
        (
            'url = "https://blogg',
            'ulr = "https://blogg',
            "sources[1].ulr is not a setting. Did you mean sources[1].url?",
        ),
        ("Redaktionen <nyhetsbrev@example.org>", "Redaktionen", "newsletter.from"),
        ("Redaktionen <nyhetsbrev", "Red\\r\\nBcc: <nyhetsbrev", "newsletter.from"),
        ("https://nyhetsbrev.example.org/", "nyhetsbrev", "no web address"),
        ('language = "sv"', 'language = "svenska"', "no language"),
        ('language = "sv"', "language = 7", "must be text in quotation marks"),
        ('host = "smtp.example.org"', 'host = "x"\nusername = "n"', "NEWSLETTER_SMTP__PASSWORD"),
        (
            'host = "smtp.example.org"',
            'host = "x"\nsecurity = "none"\nusername = "n"',
            "unencrypted",
        ),
        ("[smtp]", '[theme]\naccent = "red"\n[smtp]', "no colour"),
        ("[smtp]", "[compose]\nmin_posts = 9\nmax_posts = 3\n[smtp]", "min_posts is larger"),
        ("[smtp]", "[compose]\nteaser_words = 40\n[smtp]", "list in square brackets"),
        ("[[sources]]", "[sources]", "list in square brackets"),
    ],
)
def test_a_mistake_is_said_in_words(
    settings_file: Path, before: str, after: str, said: str
) -> None:
    """Each kind of mistake has a sentence with the thing, the cause, the cure."""
    assert before in GOOD
    assert said in read_refusal(settings_file, GOOD.replace(before, after))


def test_a_secret_in_the_file_is_refused_and_not_repeated(settings_file: Path) -> None:
    """A password belongs in the environment; the message doesn't show it."""
    message = read_refusal(settings_file, GOOD + 'username = "n"\npassword = "hunter2"\n')
    assert "line 15" in message
    assert "NEWSLETTER_SMTP__PASSWORD" in message
    assert "hunter2" not in message


@pytest.mark.parametrize("broken", [b"\xff\xfe", b"[newsletter\n", "title = «".encode(), b"\x00"])
def test_a_file_that_cannot_be_read_is_named(settings_file: Path, broken: bytes) -> None:
    """Wrong encodings and broken TOML are told with the file's name."""
    settings_file.write_bytes(broken)
    with pytest.raises(SettingsError, match=r"newsletter\.toml"):
        load_settings(settings_file)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(settings_file: Path) -> None:
    """Notepad's way of saving is read."""
    settings_file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_settings(settings_file).newsletter.title == "Nytt från regionen"


def test_the_file_is_found_from_a_folder_below(settings_file: Path) -> None:
    """Commands work anywhere inside the newsletter's folder, and elsewhere say how to make one."""
    below = settings_file.parent / "issues" / "old"
    below.mkdir(parents=True)
    assert find_settings_file(below) == settings_file
    settings_file.unlink()
    with pytest.raises(SettingsError, match="newsletter init"):
        find_settings_file(below)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60))
def test_any_text_as_a_value_is_taken_or_refused_in_words(settings_file: Path, value: str) -> None:
    """No text crashes the settings, and none with a control character gets in."""
    quoted = "".join(f"\\U{ord(c):08x}" if not 0xD800 <= ord(c) < 0xE000 else "?" for c in value)
    settings_file.write_text(GOOD.replace("Box 1, 111 11 Exempelstad", quoted), encoding="utf-8")
    try:
        taken = load_settings(settings_file).newsletter.postal_address
    except SettingsError as error:
        taken = ""
        said = str(error)
    else:
        said = "postal_address"
    assert "postal_address" in said
    assert not any(ord(character) < 32 for character in taken)
