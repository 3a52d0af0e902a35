"""Passwords and keys: from the settings or from a file of their own."""

from collections.abc import Callable

import pytest

from newsletter.app import secret_files
from newsletter.app.mail_setup import build_relay
from newsletter.app.workspace import Workspace
from newsletter.errors import SettingsError
from tests.app.workspace_folder import OpenWorkspace


def _read_smtp_password(workspace: Workspace) -> str | None:
    return build_relay(workspace).password


Read = Callable[[Workspace], str | None]
CASES = {
    "smtp": (_read_smtp_password, '{key}_file = "secret"', "password", "smtp"),
    "api": (secret_files.read_api_token, '[api]\n{key}_file = "secret"', "token", "api"),
    "model": (secret_files.read_model_api_key, '[model]\n{key}_file = "secret"', "key", "model"),
}
SECRET = "hemlig-hemlig-hemlig-hemlig-hemlig"
EACH = pytest.mark.parametrize(("read", "more", "key", "table"), CASES.values(), ids=CASES)


@EACH
def test_a_secret_comes_from_its_file(
    open_in_folder: OpenWorkspace, read: Read, more: str, key: str, table: str
) -> None:
    """Without the line end that an editor adds, with the blanks that are part of it."""
    workspace = open_in_folder(more=more.format(key=key))
    (workspace.folder / "secret").write_bytes(f" {SECRET} \r\n".encode())
    assert read(workspace) == f" {SECRET} "


@EACH
def test_a_file_that_cant_be_read_names_the_setting(
    open_in_folder: OpenWorkspace, read: Read, more: str, key: str, table: str
) -> None:
    """And the file, with its path."""
    workspace = open_in_folder(more=more.format(key=key))
    with pytest.raises(SettingsError) as error:
        read(workspace)
    assert str(error.value) == (
        f"The file of the password, {workspace.folder}/secret, can't be read."
        f" Check {table}.{key}_file."
    )


@EACH
def test_a_file_that_is_no_text_is_refused(
    open_in_folder: OpenWorkspace, read: Read, more: str, key: str, table: str
) -> None:
    """A key file of another program, say; its bytes stand in no message."""
    workspace = open_in_folder(more=more.format(key=key))
    (workspace.folder / "secret").write_bytes(b"\xff\xfe\x00secret")
    with pytest.raises(SettingsError) as error:
        read(workspace)
    assert "xfe" not in str(error.value)


@pytest.mark.parametrize("read", [case[0] for case in CASES.values()], ids=list(CASES))
def test_where_nothing_is_set_there_is_no_secret(open_in_folder: OpenWorkspace, read: Read) -> None:
    """A server without sign-in, no API, a model that asks for no key."""
    assert read(open_in_folder()) is None


def test_the_environment_gives_a_secret(
    open_in_folder: OpenWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that it needn't stand in a file at all."""
    monkeypatch.setenv("NEWSLETTER_SMTP__PASSWORD", SECRET)
    assert _read_smtp_password(open_in_folder()) == SECRET
