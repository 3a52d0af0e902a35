"""Mail servers as the settings name them."""

import pytest

from newsletter.app.mail_setup import build_fallback_relays, build_relay
from newsletter.delivery.smtp_relay import Security
from newsletter.errors import SettingsError
from tests.app.workspace_folder import OpenWorkspace


def test_a_server_with_a_host_alone_is_reached_by_tls(open_in_folder: OpenWorkspace) -> None:
    """Without a sign-in; we call ourselves by the domain of From."""
    relay = build_relay(open_in_folder())
    assert (relay.host, relay.port, relay.security) == ("smtp.example.org", 465, Security.tls)
    assert (relay.username, relay.password) == (None, None)
    assert relay.local_hostname == "example.org"
    assert build_fallback_relays(open_in_folder()) == ()


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("port = 587", "port", 587),
        ('security = "starttls"', "security", Security.starttls),
        ("connections = 9", "connections", 9),
        ("messages_per_connection = 20", "messages_per_connection", 20),
        ("weight = 3", "weight", 3),
    ],
)
def test_each_setting_reaches_the_relay(
    open_in_folder: OpenWorkspace, line: str, name: str, value: object
) -> None:
    """Under its own name."""
    assert getattr(build_relay(open_in_folder(more=f"{line}\n")), name) == value


def test_a_fallback_has_its_own_server_and_password(open_in_folder: OpenWorkspace) -> None:
    """The first server's password is never sent to the second."""
    more = (
        'username = "a"\npassword_file = "one"\n[[smtp.fallbacks]]\nhost = "two.example.org"\n'
        'username = "b"\npassword_file = "two"\npriority = 7\n'
    )
    workspace = open_in_folder(more=more)
    for name in ("one", "two"):
        (workspace.folder / name).write_text(f"password {name}\n", encoding="utf-8")
    first, (second,) = build_relay(workspace), build_fallback_relays(workspace)
    assert (first.username, first.password, first.priority) == ("a", "password one", 0)
    assert (second.username, second.password, second.priority) == ("b", "password two", 7)
    assert "password" not in repr(first).replace("password_file", "")


def test_a_fallback_s_missing_password_names_its_setting(open_in_folder: OpenWorkspace) -> None:
    """Not the first server's."""
    workspace = open_in_folder(
        more='[[smtp.fallbacks]]\nhost = "two.example.org"\npassword_file = "none"\n'
    )
    with pytest.raises(SettingsError, match=r"Check smtp\.fallbacks\.password_file"):
        build_fallback_relays(workspace)
