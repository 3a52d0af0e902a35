"""A newsletter's folder, opened: settings become the plain values that the rooms below take."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from newsletter.config import Settings, find_settings_file, load_settings
from newsletter.domain.issue import Issue, RenderedIssue
from newsletter.domain.post import Source
from newsletter.domain.subscriber import Subscriber, SubscriberId
from newsletter.errors import IssueFileError, SettingsError, StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import SecretStr

    from newsletter.config.settings import DkimKeySettings, FallbackSettings, SmtpSettings
    from newsletter.delivery.smtp import SmtpRelay
    from newsletter.domain.finding import Finding
    from newsletter.mail.compile import CompiledIssue, Recipient
    from newsletter.mail.dkim import Signer
    from newsletter.mail.headers import Sender
    from newsletter.mail.tokens import TokenKeys
    from newsletter.pictures.hosting import BrokenPicture, HostingResult
    from newsletter.pictures.picture_store import PictureStore
    from newsletter.posts.fetch.fetch import Fetcher
    from newsletter.render.context import Imprint
    from newsletter.render.theme import Theme
    from newsletter.store.database import Database

#: A token names its key in one byte.
MAX_TOKEN_KEYS = 255


def open_workspace(config: Path | None = None) -> "Workspace":
    """Open the newsletter of a settings file, of a folder, or of the folder that we are in (or one above it).

    Raises SettingsError.
    """
    file = (
        config
        if config is not None and not config.is_dir()
        else find_settings_file((config or Path.cwd()).absolute())
    )
    return Workspace(load_settings(file), file.absolute().parent)


class Workspace:
    """Everything that belongs to one newsletter; each part is opened when it is first asked for."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings
        self.folder = folder
        self.clock = clock
        #: Pictures that couldn't be had a moment ago, and when.
        self._recent_picture_failures: dict[str, tuple[BrokenPicture, float]] = {}

    @property
    def zone(self) -> ZoneInfo:
        """The newsletter's time zone."""
        return ZoneInfo(self.settings.newsletter.timezone)

    @property
    def issues_folder(self) -> Path:
        """Where issue files lie."""
        return self.folder / "issues"

    # What is kept

    @cached_property
    def database(self) -> "Database":
        """The database, up to date. Raises StoreError."""
        from newsletter.store.database import open_database

        url = self.settings.storage.url
        if url.startswith("sqlite:///"):
            url = f"sqlite:///{self.settings.resolve_path(self.folder, url.removeprefix('sqlite:///'))}"
        return open_database(url)

    @cached_property
    def list_id(self) -> str:
        """The List-Id, which never changes once a mail has gone out (RFC 2919)."""
        from newsletter.store import instance

        with self.database.begin() as connection:
            return instance.get_or_set(
                connection,
                "list_id",
                urlsplit(self.settings.newsletter.public_url).hostname or "newsletter",
            )

    @cached_property
    def token_keys(self) -> "TokenKeys":
        """The keys that links are signed with; the first is made here."""
        from newsletter.mail.tokens import TokenKeys, generate_key
        from newsletter.store import instance

        with self.database.begin() as connection:
            if not (kept := instance.get_token_keys(connection)):
                instance.add_token_key(connection, 1, generate_key(), self.clock())
                kept = instance.get_token_keys(connection)
        return TokenKeys(self.list_id, kept)

    @cached_property
    def keyed_hash(self) -> Callable[[str], str]:
        """What makes a keyed hash of an address, which nobody can turn around without our keys.

        "#" and 32 digits.

        Ask for it before a transaction begins: the first time, keys are made in one of their own.
        """
        secret = self.token_keys.derive_secret("seal")
        return lambda text: (
            "#" + hmac.digest(secret, text.encode("utf-8", "replace"), "sha256")[:16].hex()
        )

    def rotate_token_key(self) -> int:
        """Sign with a new key from now on; return its number.

        Raises StoreError after 255 of them.
        """
        from newsletter.mail.tokens import generate_key
        from newsletter.store import audit_log, instance

        _ = self.token_keys  # the first one is made before a second
        with self.database.begin() as connection:
            number = max(instance.get_token_keys(connection)) + 1
            if number > MAX_TOKEN_KEYS:
                raise StoreError(
                    "There are {most} keys already, the most that links can name. Go on with the"
                    " newest.",
                    most=MAX_TOKEN_KEYS,
                )
            instance.add_token_key(connection, number, generate_key(), self.clock())
            audit_log.write(connection, self.clock(), "key.added", number=number)
        self.__dict__.pop("token_keys")
        return number

    def close(self) -> None:
        """Close what was opened."""
        for part in ("database", "fetcher"):
            if part in self.__dict__:
                self.__dict__.pop(part).close()

    # Posts

    @cached_property
    def fetcher(self) -> "Fetcher":
        """What fetches from the web, and from nowhere that it shouldn't."""
        from newsletter.posts.fetch.fetch import Fetcher

        return Fetcher(
            allow_hosts=self.settings.fetch.allow_hosts,
            public_url=self.settings.newsletter.public_url,
        )

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where posts come from."""
        return tuple(Source(**source.model_dump()) for source in self.settings.sources)

    # Issues

    def list_issue_names(self) -> list[str]:
        """Return the names of all issue files, the newest first."""
        return sorted((file.stem for file in self.issues_folder.glob("*.md")), reverse=True)

    def find_issue_path(self, name_or_path: str) -> Path:
        """Return the file of an issue that is given by name or by path. Raises IssueFileError."""
        for path in (self.issues_folder / f"{name_or_path}.md", Path(name_or_path)):
            if path.suffix == ".md" and path.is_file():
                return path
        there = ", ".join(self.list_issue_names()[:5]) or "–"
        raise IssueFileError(
            "There is no issue {issue}. There is: {there}. Make one with: newsletter compose",
            issue=name_or_path,
            there=there,
        )

    def read_issue(self, name_or_path: str) -> Issue:
        """Read an issue's file. Raises IssueFileError with the line."""
        from newsletter.compose.issue_file.read import parse_issue

        path = self.find_issue_path(name_or_path)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise IssueFileError(
                "{path} can't be read. Save it as UTF-8 text.", path=path
            ) from error
        return parse_issue(text, issue_name=path.stem)

    # Rendering

    @property
    def theme(self) -> "Theme":
        """The theme as it is on disk now. Raises RenderError."""
        from newsletter.render.theme import load_theme
        from newsletter.resources import find_stock_templates

        chosen = self.settings.theme
        folders = [
            self.folder / "themes" / chosen.name,
            find_stock_templates() / "themes" / chosen.name,
        ]
        if not any(folder.is_dir() for folder in folders):
            raise SettingsError(
                "There is no theme {name}. Check theme.name in newsletter.toml.", name=chosen.name
            )
        return load_theme(folders, accent=chosen.accent, logo=chosen.logo)

    @property
    def contact(self) -> str:
        """The address where a person answers."""
        from newsletter.mail.address import parse_mailbox

        ours = self.settings.newsletter
        return parse_mailbox(ours.reply_to or ours.sender).address.email

    @property
    def imprint(self) -> "Imprint":
        """Who answers for the newsletter, for the footer."""
        from newsletter.render.context import Imprint

        ours = self.settings.newsletter
        return Imprint(
            title=ours.title,
            postal_address=ours.postal_address,
            language=ours.language,
            public_url=ours.public_url,
        )

    def render(self, issue: Issue) -> RenderedIssue:
        """Draw an issue; the same file, theme and settings give the same bytes.

        Raises RenderError.
        """
        from newsletter.render import render

        # A nonce that no post can guess, and that is the same every time.
        nonce = hashlib.blake2b(
            repr(issue).encode(), key=self.token_keys.derive_secret("slots"), digest_size=8
        ).hexdigest()
        theme = self.theme
        return render(
            issue,
            theme,
            replace(self.imprint, pictures=self.host_pictures(issue, theme).hosted),
            nonce=nonce,
        )

    @cached_property
    def picture_store(self) -> "PictureStore":
        """The pictures that lie with us."""
        from newsletter.pictures.picture_store import PictureStore

        return PictureStore(self.folder / "pictures")

    def host_pictures(self, issue: Issue, theme: "Theme | None" = None) -> "HostingResult":
        """Bring the pictures of an issue to us, where `pictures.host` says so, and say what became of them."""
        from newsletter.app.picture_hosting import host_pictures

        return host_pictures(self, issue, theme or self.theme, self._recent_picture_failures)

    # Mail

    @property
    def sender(self) -> "Sender":
        """Who a letter is from."""
        from newsletter.mail.address import parse_mailbox
        from newsletter.mail.headers import Sender

        ours, bounces = self.settings.newsletter, self.settings.bounces
        mailbox = parse_mailbox(ours.sender)
        return Sender(
            name=mailbox.name or ours.title,
            email=mailbox.address.email,
            reply_to=parse_mailbox(ours.reply_to).address.email if ours.reply_to else "",
            list_id=self.list_id,
            title=ours.title,
            envelope_sender=parse_mailbox(bounces.address).address.email if bounces else "",
            secret=self.token_keys.derive_secret("message-id"),
        )

    @cached_property
    def signers(self) -> "Sequence[Signer]":
        """The DKIM keys of the settings. Raises SettingsError where one can't be read."""
        from newsletter.mail.dkim import load_signer

        ours = self.settings.dkim
        if ours is None:
            return []
        keys: tuple[DkimKeySettings, ...] = (ours, *ours.keys)
        return [
            load_signer(
                ours.domain, key.selector, self.settings.resolve_path(self.folder, key.key_file)
            )
            for key in keys
        ]

    def compile(self, rendered: RenderedIssue, issue_name: str) -> "CompiledIssue":
        """Turn a rendered issue into the message that all readers get, slots open."""
        from newsletter.mail.compile import compile_issue

        return compile_issue(rendered, self.sender, issue_name, signers=self.signers)

    def personalise(self, subscriber: Subscriber, issue_name: str) -> "Recipient":
        """Return what is personal in a message to a subscriber."""
        return self.build_personaliser(issue_name)(subscriber.id, subscriber.email, subscriber.name)

    def build_personaliser(
        self, issue_name: str
    ) -> "Callable[[SubscriberId, str, str], Recipient]":
        """Return what says what is personal in an issue, by id, address and name.

        What is the same for all is made once.
        """
        from newsletter.bounces import unsubscribe_mail
        from newsletter.mail.compile import Recipient
        from newsletter.mail.tokens import Purpose

        bounces = self.settings.bounces
        mailbox = self.sender.envelope_sender if bounces and bounces.maildir else ""
        public_url, sign = self.settings.newsletter.public_url, self.token_keys.sign
        view_url = f"{public_url}/i/{quote(issue_name)}"

        def _personalise(subscriber: SubscriberId, email: str, name: str) -> Recipient:
            token = sign(Purpose.unsubscribe, subscriber)
            return Recipient(
                subscriber_id=subscriber,
                email=email,
                name=name,
                unsubscribe_url=f"{public_url}/u/{token}",
                unsubscribe_mailto=unsubscribe_mail.build_mailto_url(mailbox, token)
                if mailbox
                else "",
                preferences_url=f"{public_url}/p/{sign(Purpose.preferences, subscriber)}",
                view_url=view_url,
            )

        return _personalise

    @property
    def relay(self) -> "SmtpRelay":
        """The server that takes our mail.

        Raises SettingsError where the password's file can't be read.
        """
        return self._build_relay(self.settings.smtp, self._read_smtp_password())

    @property
    def fallback_relays(self) -> "tuple[SmtpRelay, ...]":
        """The servers that share the work or stand in. Raises SettingsError as above."""
        return tuple(
            self._build_relay(
                one,
                self._read_secret(None, one.password_file, "smtp.fallbacks.password_file"),
                priority=one.priority,
            )
            for one in self.settings.smtp.fallbacks
        )

    def _build_relay(
        self, smtp: "SmtpSettings | FallbackSettings", password: str | None, *, priority: int = 0
    ) -> "SmtpRelay":
        from newsletter.delivery.smtp import Security, SmtpRelay

        return SmtpRelay(
            host=smtp.host,
            port=smtp.port,
            security=Security(smtp.security),
            username=smtp.username,
            password=password,
            connections=smtp.connections,
            messages_per_connection=smtp.messages_per_connection,
            local_hostname=self.sender.domain,
            priority=priority,
            weight=smtp.weight,
        )

    def _read_smtp_password(self) -> str | None:
        smtp = self.settings.smtp
        return self._read_secret(smtp.password, smtp.password_file, "smtp.password_file")

    @property
    def api_token(self) -> str | None:
        """What other programs show to use the JSON API; None: it is off. Raises SettingsError."""
        api = self.settings.api
        return self._read_secret(api.token, api.token_file, "api.token_file")

    @property
    def model_api_key(self) -> str | None:
        """What the language model is asked with. Raises SettingsError."""
        model = self.settings.model
        return self._read_secret(model.key, model.key_file, "model.key_file")

    def _read_secret(
        self, value: "SecretStr | None", file_name: str | None, setting: str
    ) -> str | None:
        if value is not None or file_name is None:
            return value.get_secret_value() if value else None
        file = self.settings.resolve_path(self.folder, file_name)
        try:
            return file.read_text(encoding="utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                "The file of the password, {file}, can't be read. Check {key}.",
                file=file,
                key=setting,
            ) from error

    # What runs on top of it

    def run_checks(
        self, issue: Issue, *, links: bool = True, rendered: RenderedIssue | None = None
    ) -> "list[Finding]":
        """Look for what is missing or broken in an issue.

        `links`: ask whether they can be reached.
        """
        from newsletter.app.checks import check_issue

        return check_issue(self, issue, links=links, rendered=rendered)
