"""Further mail servers and keys in newsletter.toml."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from newsletter.app import open_workspace
from newsletter.app.send import build_send_options
from newsletter.config import load_settings
from newsletter.errors import SettingsError

SETTINGS = """
[newsletter]
title = "Nytt"
language = "sv"
timezone = "Europe/Stockholm"
from = "n@example.org"
postal_address = "Box 1"
public_url = "https://n.example.org"

[[sources]]
url = "https://blogg.example.org/feed/"

[smtp]
host = "one.example.org"
"""


def write_settings(folder: Path, more: str) -> Path:
    file = folder / "newsletter.toml"
    file.write_text(SETTINGS + more, encoding="utf-8")
    return file


def test_they_reach_the_sender_with_their_passwords(tmp_path: Path) -> None:
    """In the order that they are written in; a password comes from its file only."""
    (tmp_path / "secret").write_text("pw\n")
    more = (
        'weight = 3\n[[smtp.fallbacks]]\nhost = "two.example.org"\npriority = 0\nusername ='
        ' "u"\npassword_file = "secret"\n'
    )
    file = write_settings(
        tmp_path,
        more
        + '[[smtp.fallbacks]]\nhost = "three.example.org"\nport = 587\nsecurity = "starttls"\n',
    )
    workspace = open_workspace(file)
    made = build_send_options(workspace, "x")
    assert (made.relay.host, made.relay.priority, made.relay.weight) == ("one.example.org", 0, 3)
    assert [
        (one.host, one.port, one.priority, one.weight, one.password) for one in made.fallback_relays
    ] == [
        ("two.example.org", 465, 0, 1, "pw"),
        ("three.example.org", 587, 1, 1, None),
    ]
    assert "pw" not in repr(made)
    workspace.close()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('username = "u"\nsecurity = "none"', "unencrypted"),
        ('username = "u"', "no password"),
        ("priority = -1", "at least 0"),
        ("weight = 0", "at least 1"),
        ("prio = 1", "Did you mean smtp.fallbacks"),
        ('password = "x"', "not a setting"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, more: str, words: str) -> None:
    """With the line, as everywhere."""
    file = write_settings(tmp_path, f'[[smtp.fallbacks]]\nhost = "two.example.org"\n{more}\n')
    with pytest.raises(SettingsError, match=words) as error:
        load_settings(file)
    assert "line 1" in str(error.value)


def test_two_keys_give_two_signatures(tmp_path: Path) -> None:
    """RSA and Ed25519, each under its own selector, on the same message."""
    for name, key in (
        ("r.pem", rsa.generate_private_key(65537, 2048)),
        ("e.pem", ed25519.Ed25519PrivateKey.generate()),
    ):
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (tmp_path / name).write_bytes(pem)
    more = (
        '[dkim]\ndomain = "example.org"\nselector = "r1"\nkey_file ='
        ' "r.pem"\n[[dkim.keys]]\nselector = "e1"\nkey_file = "e.pem"\n'
    )
    workspace = open_workspace(write_settings(tmp_path, more))
    assert [(one.selector, one.algorithm) for one in workspace.signers] == [
        ("r1", "rsa-sha256"),
        ("e1", "ed25519-sha256"),
    ]
    workspace.close()
