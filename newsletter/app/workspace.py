"""A newsletter's folder, opened: its paths, settings, clock, database and identity.

What is built on top of it stands beside: `issue_files`, `rendering`, `mail_setup`, `checks`.
"""

from collections.abc import Callable
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
    from newsletter.mail.tokens import TokenKeys
    from newsletter.pictures.hosting import BrokenPicture
    from newsletter.pictures.picture_store import PictureStore
    from newsletter.posts.fetch.fetch import Fetcher
    from newsletter.store.database import Database


def open_workspace(config: Path | None = None) -> "Workspace":
    """Open the newsletter of a settings file, of a folder, or of the folder that we are in.

    A folder above it counts, too. Raises SettingsError.
    """
    file = (
        config
        if config is not None and not config.is_dir()
        else find_settings_file((config or Path.cwd()).absolute())
    )
    return Workspace(load_settings(file), file.absolute().parent)


class Workspace:
    """Everything that belongs to one newsletter; each part is opened once, when it is needed."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings
        self.folder = folder
        self.clock = clock
        self.zone = ZoneInfo(settings.newsletter.timezone)
        self.sources = tuple(Source(**source.model_dump()) for source in settings.sources)
        self.issues_folder = folder / "issues"
        #: Pictures that couldn't be had a moment ago, and when.
        self.recent_picture_failures: dict[str, tuple[BrokenPicture, float]] = {}

    @cached_property
    def database(self) -> "Database":
        """The database, up to date. Raises StoreError."""
        from newsletter.store.database import open_database

        url = self.settings.storage.url
        if url.startswith("sqlite:///"):
            file = self.settings.resolve_path(self.folder, url.removeprefix("sqlite:///"))
            url = f"sqlite:///{file}"
        return open_database(url)

    @cached_property
    def identity(self) -> "Identity":
        """What the newsletter is for ever; made in one transaction where there is none yet."""
        from newsletter.app.identity import open_identity

        return open_identity(self.database, self.settings.newsletter.public_url, self.clock())

    @property
    def list_id(self) -> str:
        """The List-Id, which never changes once a mail has gone out (RFC 2919)."""
        return self.identity.list_id

    @property
    def token_keys(self) -> "TokenKeys":
        """The keys that links are signed with."""
        return self.identity.token_keys

    @property
    def keyed_hash(self) -> Callable[[str], str]:
        """Makes the pseudonym of an address. Ask for it before a transaction begins."""
        return self.identity.make_keyed_hash

    @cached_property
    def picture_store(self) -> "PictureStore":
        """The pictures that we host."""
        from newsletter.pictures.picture_store import PictureStore

        return PictureStore(self.folder / "pictures")

    @cached_property
    def fetcher(self) -> "Fetcher":
        """What fetches from the web, and from nowhere that it shouldn't (SSRF)."""
        from newsletter.posts.fetch.fetch import Fetcher

        return Fetcher(
            allow_hosts=self.settings.fetch.allow_hosts,
            public_url=self.settings.newsletter.public_url,
        )

    def close(self) -> None:
        """Close what was opened."""
        self.__dict__.pop("identity", None)
        for part in ("database", "fetcher"):
            if part in self.__dict__:
                self.__dict__.pop(part).close()
