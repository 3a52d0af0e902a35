"""A newsletter's folder, opened: its paths, settings, clock, database and keys; frozen then."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.config import Settings, find_settings_file, load_settings
from newsletter.domain.post import Source

# Heavy libraries (SQLAlchemy, httpx2, cryptography) wait until a command opens what needs them.
if TYPE_CHECKING:
    from newsletter.app.identity import Identity
    from newsletter.mail.dkim import Signer
    from newsletter.mail.tokens import TokenKeys
    from newsletter.pictures.hosting import BrokenPicture
    from newsletter.pictures.picture_store import PictureStore
    from newsletter.posts.fetch.fetch import Fetcher
    from newsletter.store.database import Database


def open_workspace(config: Path | None = None) -> "Workspace":
    """Open the newsletter of a settings file or a folder; None: where we are, or above it.

    Raises SettingsError.
    """
    file = (
        config
        if config is not None and not config.is_dir()
        else find_settings_file((config or Path.cwd()).absolute())
    )
    return Workspace(load_settings(file), file.absolute().parent)


@dataclass(frozen=True, eq=False)
class Workspace:
    """Everything that belongs to one newsletter; each part is opened once, when it is needed."""

    settings: Settings
    folder: Path
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    #: Pictures that couldn't be had a moment ago, and when (a negative cache).
    recent_picture_failures: "dict[str, tuple[BrokenPicture, float]]" = field(
        default_factory=dict, init=False, repr=False
    )

    @cached_property
    def zone(self) -> ZoneInfo:
        """The newsletter's time zone."""
        return ZoneInfo(self.settings.newsletter.timezone)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Where posts come from."""
        return tuple(Source(**source.model_dump()) for source in self.settings.sources)

    @property
    def issues_folder(self) -> Path:
        """The folder of issue files."""
        return self.folder / "issues"

    @cached_property
    def database(self) -> "Database":
        """The database, up to date. Raises StoreError."""
        from newsletter.store.database import open_database

        url = self.settings.storage.url
        if url.startswith("sqlite:///"):
            path = url.removeprefix("sqlite:///")
            url = f"sqlite:///{self.settings.resolve_path(self.folder, path)}"
        return open_database(url)

    @cached_property
    def identity(self) -> "Identity":
        """What the newsletter is for ever; made in one transaction where there is none yet."""
        from newsletter.app.identity import open_identity

        return open_identity(self.database, self.settings.newsletter.public_url, self.clock())

    @property
    def token_keys(self) -> "TokenKeys":
        """The keys that links are signed with."""
        return self.identity.token_keys

    @property
    def keyed_hash(self) -> Callable[[str], str]:
        """Makes the pseudonym of an address. Ask for it before a transaction begins."""
        return self.identity.make_keyed_hash

    @cached_property
    def signers(self) -> "tuple[Signer, ...]":
        """The DKIM keys. OpenSSL takes 0.1 s to read one: not for each message."""
        from newsletter.app.dkim_keys import load_signers

        return load_signers(self.settings, self.folder)

    @cached_property
    def picture_store(self) -> "PictureStore":
        """The pictures that we host."""
        from newsletter.pictures.picture_store import PictureStore

        return PictureStore(self.folder / "pictures")

    @cached_property
    def fetcher(self) -> "Fetcher":
        """What fetches from the web, and from nowhere that it shouldn't (SSRF)."""
        from newsletter.posts.fetch.fetch import Fetcher

        ours = self.settings
        return Fetcher(allow_hosts=ours.fetch.allow_hosts, public_url=ours.newsletter.public_url)

    def close(self) -> None:
        """Close what was opened."""
        self.__dict__.pop("identity", None)
        for part in ("database", "fetcher"):
            if part in self.__dict__:
                self.__dict__.pop(part).close()
