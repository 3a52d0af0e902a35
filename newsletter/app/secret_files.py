"""Passwords and tokens: from the settings (the environment), or from a file that they name."""

from pydantic import SecretStr

from newsletter.app.workspace import Workspace
from newsletter.errors import SettingsError


def read_secret(
    workspace: Workspace, value: SecretStr | None, file_name: str | None, *, setting: str
) -> str | None:
    """Return a secret, or None where there is none.

    Raises SettingsError where the file can't be read; `setting` is named in it.
    """
    if value is not None or file_name is None:
        return value.get_secret_value() if value else None
    file = workspace.settings.resolve_path(workspace.folder, file_name)
    try:
        return file.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            "The file of the password, {file}, can't be read. Check {key}.", file=file, key=setting
        ) from error


def read_api_token(workspace: Workspace) -> str | None:
    """Return what other programs show to use the JSON API; None: it is off.

    Raises SettingsError.
    """
    api = workspace.settings.api
    return read_secret(workspace, api.token, api.token_file, setting="api.token_file")


def read_model_api_key(workspace: Workspace) -> str | None:
    """Return what the language model is asked with. Raises SettingsError."""
    model = workspace.settings.model
    return read_secret(workspace, model.key, model.key_file, setting="model.key_file")
