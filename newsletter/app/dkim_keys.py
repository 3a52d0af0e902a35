"""The DKIM keys that the settings name."""

from pathlib import Path

from newsletter.config import Settings
from newsletter.mail.dkim import Signer, load_signer


def load_signers(settings: Settings, folder: Path) -> tuple[Signer, ...]:
    """Read the keys from their files. Raises SettingsError where one can't be read."""
    dkim = settings.dkim
    if dkim is None:
        return ()
    return tuple(
        load_signer(dkim.domain, key.selector, settings.resolve_path(folder, key.key_file))
        for key in (dkim, *dkim.keys)
    )
