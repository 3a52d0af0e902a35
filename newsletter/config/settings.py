"""The settings: every key of newsletter.toml, its type and its default."""

from pathlib import Path
from typing import Annotated, Literal, NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from newsletter.errors import AddressError
from newsletter.i18n import Phrase


def _mistake(phrase: Phrase) -> NoReturn:
    """Say what is wrong in a sentence of ours; `mistakes.py` takes it out again."""
    raise PydanticCustomError("mistake", "{phrase}", {"phrase": phrase})


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, LookupError):
        _mistake(
            Phrase("“{value}” is no time zone. Write one such as Europe/Stockholm.", value=value)
        )
    return value


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        _mistake(
            Phrase(
                "“{value}” is no web address. Write one such as https://nyhetsbrev.example.org.",
                value=value,
            )
        )
    return value.rstrip("/")


def _language(value: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(value, sep="-")
    except (UnknownLocaleError, ValueError):
        _mistake(
            Phrase(
                "“{value}” is no language. Write sv, en, or another two-letter code.", value=value
            )
        )
    return value


def _mailbox(value: str) -> str:
    from newsletter.mail.address import parse_mailbox

    try:
        parse_mailbox(value)
    except AddressError as error:
        _mistake(error.phrase)
    return value


def _rate(value: str) -> str:
    count, _, unit = value.partition("/")
    if not count.strip().isdecimal() or int(count) < 1 or unit.strip() not in SECONDS:
        _mistake(
            Phrase(
                "“{value}” is no rate. Write one such as 20/second, 600/minute or 5000/hour.",
                value=value,
            )
        )
    return value


def _colour(value: str) -> str:
    if (
        len(value) != 7
        or value[0] != "#"
        or not all(digit in "0123456789abcdefABCDEF" for digit in value[1:])
    ):
        _mistake(
            Phrase("“{value}” is no colour. Write # and six digits, such as #0f5c4a.", value=value)
        )
    return value.lower()


SECONDS = {"second": 1, "minute": 60, "hour": 3600}
Line = Annotated[
    str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f\u2028\u2029]*$")
]
Mailbox = Annotated[Line, AfterValidator(_mailbox)]
WebAddress = Annotated[Line, AfterValidator(_web_address)]
Rate = Annotated[Line, AfterValidator(_rate)]
Port = Annotated[int, Field(ge=1, le=65535)]


def per_second(rate: str | None) -> float | None:
    """Return a rate of the settings ("600/minute") in messages a second.

    None: as fast as it goes.
    """
    if rate is None:
        return None
    count, _, unit = rate.partition("/")
    return int(count) / SECONDS[unit.strip()]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Newsletter(_Part):
    """Who writes, in which language, and where readers reach us."""

    title: Line
    language: Annotated[Line, AfterValidator(_language)]
    timezone: Annotated[Line, AfterValidator(_zone)]
    sender: Mailbox = Field(alias="from")
    reply_to: Mailbox | None = None
    postal_address: Line
    public_url: WebAddress


class SourceSettings(_Part):
    """Where posts come from."""

    url: Line
    kind: Literal["feed", "wordpress", "markdown", "page"] | None = None
    link: Line | None = None
    categories: tuple[Line, ...] = ()
    tags: tuple[Line, ...] = ()
    authors: tuple[Line, ...] = ()
    include: tuple[Line, ...] = ()
    exclude: tuple[Line, ...] = ()
    section: Line | None = None
    weight: Annotated[int, Field(ge=-100, le=100)] = 0


class Compose(_Part):
    """What is picked, and how long a summary is."""

    max_posts: Annotated[int, Field(ge=1, le=200)] = 10
    min_posts: Annotated[int, Field(ge=1, le=200)] = 1
    teaser_words: tuple[Annotated[int, Field(ge=5, le=60)], Annotated[int, Field(ge=5, le=60)]] = (
        35,
        50,
    )
    recurring: Line | None = None
    section: Line | None = None
    #: How many posts of one category; None: as many as there are.
    max_per_category: Annotated[int, Field(ge=1, le=200)] | None = None
    #: The first post is drawn larger than the others.
    lead: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> "Compose":
        if self.min_posts > self.max_posts:
            _mistake(Phrase("compose.min_posts is larger than compose.max_posts. Make it smaller."))
        if self.teaser_words[0] > self.teaser_words[1]:
            _mistake(Phrase("compose.teaser_words wants the smaller number first, as in [35, 50]."))
        return self


class LanguageModel(_Part):
    """A language model that writes summaries where no person has; off without an address."""

    url: WebAddress | None = None
    model: Line | None = None
    key: SecretStr | None = None
    key_file: Line | None = None

    @model_validator(mode="after")
    def _whole(self) -> "LanguageModel":
        if (self.url is None) != (self.model is None):
            _mistake(
                Phrase(
                    "model.url and model.model go together: where it is asked, and by which name."
                    " Set both, or neither."
                )
            )
        return self


class ThemeSettings(_Part):
    """How an issue looks."""

    name: Annotated[Line, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")] = "default"
    accent: Annotated[Line, AfterValidator(_colour)] | None = None
    logo: Line | None = None


class Pictures(_Part):
    """Where letters take their pictures from: their source, or us."""

    host: Literal["source", "ours"] = "source"


class Fetch(_Part):
    """What may be fetched besides public addresses."""

    allow_hosts: tuple[Line, ...] = ()


class Limit(_Part):
    """The pace for one receiving domain."""

    domain: Line
    rate: Rate


class Fallback(_Part):
    """Another server, which stands in or shares the work."""

    host: Line
    port: Port = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    username: Line | None = None
    password_file: Line | None = None
    connections: Annotated[int, Field(ge=1, le=200)] = 4
    messages_per_connection: Annotated[int, Field(ge=1, le=100_000)] = 500
    priority: Annotated[int, Field(ge=0, le=100)] = 1
    weight: Annotated[int, Field(ge=1, le=100)] = 1

    @model_validator(mode="after")
    def _sign_in(self) -> "Fallback":
        if self.username and self.security == "none":
            _mistake(
                Phrase(
                    "smtp.fallbacks.username would go over the network unencrypted. Set its"
                    " security to tls or starttls."
                )
            )
        if self.username and not self.password_file:
            _mistake(Phrase("smtp.fallbacks.username has no password. Set its password_file."))
        return self


class Smtp(_Part):
    """The server that takes our mail."""

    host: Line
    port: Port = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    username: Line | None = None
    password: SecretStr | None = None
    password_file: Line | None = None
    connections: Annotated[int, Field(ge=1, le=200)] = 4
    messages_per_connection: Annotated[int, Field(ge=1, le=100_000)] = 500
    rate: Rate | None = None
    limits: tuple[Limit, ...] = ()
    #: Of this server, where fallbacks share the work with it (priority 0).
    weight: Annotated[int, Field(ge=1, le=100)] = 1
    fallbacks: tuple[Fallback, ...] = ()

    @model_validator(mode="after")
    def _sign_in(self) -> "Smtp":
        if self.username and self.security == "none":
            _mistake(
                Phrase(
                    "smtp.username would go over the network unencrypted. Set smtp.security to tls"
                    " or starttls."
                )
            )
        if self.username and not (self.password or self.password_file):
            _mistake(
                Phrase(
                    "smtp.username has no password. Put it into the environment as"
                    " NEWSLETTER_SMTP__PASSWORD, or set smtp.password_file."
                )
            )
        return self


class DkimKey(_Part):
    """A key, and the selector that its public half stands under."""

    selector: Line
    key_file: Line


class Dkim(DkimKey):
    """The keys that messages are signed with."""

    domain: Line
    #: Further ones: Ed25519 beside RSA, say. Each adds a signature.
    keys: tuple[DkimKey, ...] = ()


class Imap(_Part):
    """A mailbox that bounces are read from."""

    host: Line
    port: Port = 993
    username: Line
    password: SecretStr | None = None
    password_file: Line | None = None
    mailbox: Line = "INBOX"


class Bounces(_Part):
    """Where mail that comes back goes: the envelope's sender."""

    address: Mailbox
    maildir: Line | None = None
    imap: Imap | None = None


class Storage(_Part):
    """The database."""

    url: Annotated[Line, Field(pattern=r"^(sqlite:///|postgresql://)")] = "sqlite:///newsletter.db"


class Web(_Part):
    """Where `newsletter serve` listens."""

    host: Line = "127.0.0.1"
    port: Port = 8025
    #: Whose X-Forwarded-For is believed: the web server that stands before us.
    forwarded_allow_ips: tuple[Line, ...] = ("127.0.0.1",)


class SignUp(_Part):
    """What readers' pages offer to who signs up, or changes what she gets."""

    open: bool = True
    #: Languages and tags to choose from; none: there is no choice.
    languages: tuple[Annotated[Line, AfterValidator(_language)], ...] = ()
    tags: tuple[Annotated[Line, Field(pattern=r"^[^,;|]+$")], ...] = ()
    #: What she says yes to; kept as the proof. None: a sentence that comes with the program.
    wording: Line | None = None
    #: Mails after a confirmed sign-up, and after leaving.
    welcome: bool = False
    goodbye: bool = False


class Privacy(_Part):
    """What is forgotten by itself."""

    #: Days after which readers who left are erased, and letters sent lose their names; None: never.
    keep_days: Annotated[int, Field(ge=1, le=36_500)] | None = None


class Api(_Part):
    """The JSON API; off without a token."""

    token: SecretStr | None = None
    token_file: Line | None = None


class Settings(BaseSettings):
    """All settings; `load` makes them."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        env_prefix="NEWSLETTER_",
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    newsletter: Newsletter
    sources: Annotated[tuple[SourceSettings, ...], Field(min_length=1)]
    compose: Compose = Compose()
    model: LanguageModel = LanguageModel()
    theme: ThemeSettings = ThemeSettings()
    pictures: Pictures = Pictures()
    fetch: Fetch = Fetch()
    smtp: Smtp
    dkim: Dkim | None = None
    bounces: Bounces | None = None
    storage: Storage = Storage()
    web: Web = Web()
    signup: SignUp = SignUp()
    privacy: Privacy = Privacy()
    api: Api = Api()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file; nothing else is read."""
        return env_settings, init_settings

    def path(self, folder: Path, value: str) -> Path:
        """Return a path of the settings, which starts at the file's folder."""
        return folder / Path(value).expanduser()
