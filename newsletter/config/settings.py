"""The settings: every key of newsletter.toml, its type and its default."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from newsletter.config.values import (
    BaseUrlStr,
    LineStr,
    MailboxStr,
    PortNumber,
    RateStr,
    raise_mistake,
    validate_colour,
    validate_language,
    validate_zone,
)
from newsletter.i18n import Phrase


class _SettingsTable(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class NewsletterSettings(_SettingsTable):
    """Who writes, in which language, and where readers reach us."""

    title: LineStr
    language: Annotated[LineStr, AfterValidator(validate_language)]
    timezone: Annotated[LineStr, AfterValidator(validate_zone)]
    sender: MailboxStr = Field(alias="from")
    reply_to: MailboxStr | None = None
    postal_address: LineStr
    public_url: BaseUrlStr


class SourceSettings(_SettingsTable):
    """Where posts come from."""

    url: LineStr
    kind: Literal["feed", "wordpress", "markdown", "page"] | None = None
    link: LineStr | None = None
    categories: tuple[LineStr, ...] = ()
    tags: tuple[LineStr, ...] = ()
    authors: tuple[LineStr, ...] = ()
    include: tuple[LineStr, ...] = ()
    exclude: tuple[LineStr, ...] = ()
    section: LineStr | None = None
    weight: Annotated[int, Field(ge=-100, le=100)] = 0


class ComposeSettings(_SettingsTable):
    """What is picked, and how long a summary is."""

    max_posts: Annotated[int, Field(ge=1, le=200)] = 10
    min_posts: Annotated[int, Field(ge=1, le=200)] = 1
    teaser_words: tuple[Annotated[int, Field(ge=5, le=60)], Annotated[int, Field(ge=5, le=60)]] = (
        35,
        50,
    )
    recurring: LineStr | None = None
    section: LineStr | None = None
    #: How many posts of one category; None: as many as there are.
    max_per_category: Annotated[int, Field(ge=1, le=200)] | None = None
    #: The first post is drawn larger than the others.
    lead: bool = False

    @model_validator(mode="after")
    def _check_order(self) -> "ComposeSettings":
        if self.min_posts > self.max_posts:
            raise_mistake(
                Phrase("compose.min_posts is larger than compose.max_posts. Make it smaller.")
            )
        if self.teaser_words[0] > self.teaser_words[1]:
            raise_mistake(
                Phrase("compose.teaser_words wants the smaller number first, as in [35, 50].")
            )
        return self


class LanguageModelSettings(_SettingsTable):
    """A language model that writes summaries where no person has; off without an address."""

    url: BaseUrlStr | None = None
    model: LineStr | None = None
    key: SecretStr | None = None
    key_file: LineStr | None = None

    @model_validator(mode="after")
    def _check_complete(self) -> "LanguageModelSettings":
        if (self.url is None) != (self.model is None):
            raise_mistake(
                Phrase(
                    "model.url and model.model go together: where it is asked, and by which name."
                    " Set both, or neither."
                )
            )
        return self


class ThemeSettings(_SettingsTable):
    """How an issue looks."""

    name: Annotated[LineStr, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")] = "default"
    accent: Annotated[LineStr, AfterValidator(validate_colour)] | None = None
    logo: LineStr | None = None


class PictureSettings(_SettingsTable):
    """Where letters take their pictures from: their source, or us."""

    host: Literal["source", "ours"] = "source"


class FetchSettings(_SettingsTable):
    """What may be fetched besides public addresses."""

    allow_hosts: tuple[LineStr, ...] = ()


class DomainRateSettings(_SettingsTable):
    """The pace for one receiving domain."""

    domain: LineStr
    rate: RateStr


class FallbackSettings(_SettingsTable):
    """Another server, which stands in or shares the work."""

    host: LineStr
    port: PortNumber = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    username: LineStr | None = None
    password_file: LineStr | None = None
    connections: Annotated[int, Field(ge=1, le=200)] = 4
    messages_per_connection: Annotated[int, Field(ge=1, le=100_000)] = 500
    priority: Annotated[int, Field(ge=0, le=100)] = 1
    weight: Annotated[int, Field(ge=1, le=100)] = 1

    @model_validator(mode="after")
    def _check_sign_in(self) -> "FallbackSettings":
        if self.username and self.security == "none":
            raise_mistake(
                Phrase(
                    "smtp.fallbacks.username would go over the network unencrypted. Set its"
                    " security to tls or starttls."
                )
            )
        if self.username and not self.password_file:
            raise_mistake(Phrase("smtp.fallbacks.username has no password. Set its password_file."))
        return self


class SmtpSettings(_SettingsTable):
    """The server that takes our mail."""

    host: LineStr
    port: PortNumber = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    username: LineStr | None = None
    password: SecretStr | None = None
    password_file: LineStr | None = None
    connections: Annotated[int, Field(ge=1, le=200)] = 4
    messages_per_connection: Annotated[int, Field(ge=1, le=100_000)] = 500
    rate: RateStr | None = None
    limits: tuple[DomainRateSettings, ...] = ()
    #: Of this server, where fallbacks share the work with it (priority 0).
    weight: Annotated[int, Field(ge=1, le=100)] = 1
    fallbacks: tuple[FallbackSettings, ...] = ()

    @model_validator(mode="after")
    def _check_sign_in(self) -> "SmtpSettings":
        if self.username and self.security == "none":
            raise_mistake(
                Phrase(
                    "smtp.username would go over the network unencrypted. Set smtp.security to tls"
                    " or starttls."
                )
            )
        if self.username and not (self.password or self.password_file):
            raise_mistake(
                Phrase(
                    "smtp.username has no password. Put it into the environment as"
                    " NEWSLETTER_SMTP__PASSWORD, or set smtp.password_file."
                )
            )
        return self


class DkimKeySettings(_SettingsTable):
    """A key, and the selector that its public half stands under."""

    selector: LineStr
    key_file: LineStr


class DkimSettings(DkimKeySettings):
    """The keys that messages are signed with."""

    domain: LineStr
    #: Further ones: Ed25519 beside RSA, say. Each adds a signature.
    keys: tuple[DkimKeySettings, ...] = ()


class ImapSettings(_SettingsTable):
    """A mailbox that bounces are read from."""

    host: LineStr
    port: PortNumber = 993
    username: LineStr
    password: SecretStr | None = None
    password_file: LineStr | None = None
    mailbox: LineStr = "INBOX"


class BounceSettings(_SettingsTable):
    """Where mail that comes back goes: the envelope's sender."""

    address: MailboxStr
    maildir: LineStr | None = None
    imap: ImapSettings | None = None


class StorageSettings(_SettingsTable):
    """The database."""

    url: Annotated[LineStr, Field(pattern=r"^(sqlite:///|postgresql://)")] = (
        "sqlite:///newsletter.db"
    )


class WebSettings(_SettingsTable):
    """Where `newsletter serve` listens."""

    host: LineStr = "127.0.0.1"
    port: PortNumber = 8025
    #: Whose X-Forwarded-For is believed: the web server that stands before us.
    forwarded_allow_ips: tuple[LineStr, ...] = ("127.0.0.1",)


class SignUpSettings(_SettingsTable):
    """What readers' pages offer to who signs up, or changes what she gets."""

    open: bool = True
    #: Languages and tags to choose from; none: there is no choice.
    languages: tuple[Annotated[LineStr, AfterValidator(validate_language)], ...] = ()
    tags: tuple[Annotated[LineStr, Field(pattern=r"^[^,;|]+$")], ...] = ()
    #: What she says yes to; kept as the proof. None: a sentence that comes with the program.
    wording: LineStr | None = None
    #: Mails after a confirmed sign-up, and after leaving.
    welcome: bool = False
    goodbye: bool = False


class PrivacySettings(_SettingsTable):
    """What is forgotten by itself."""

    #: Days after which readers who left are erased, and letters sent lose their names; None: never.
    keep_days: Annotated[int, Field(ge=1, le=36_500)] | None = None


class ApiSettings(_SettingsTable):
    """The JSON API; off without a token."""

    token: SecretStr | None = None
    token_file: LineStr | None = None


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

    newsletter: NewsletterSettings
    sources: Annotated[tuple[SourceSettings, ...], Field(min_length=1)]
    compose: ComposeSettings = ComposeSettings()
    model: LanguageModelSettings = LanguageModelSettings()
    theme: ThemeSettings = ThemeSettings()
    pictures: PictureSettings = PictureSettings()
    fetch: FetchSettings = FetchSettings()
    smtp: SmtpSettings
    dkim: DkimSettings | None = None
    bounces: BounceSettings | None = None
    storage: StorageSettings = StorageSettings()
    web: WebSettings = WebSettings()
    signup: SignUpSettings = SignUpSettings()
    privacy: PrivacySettings = PrivacySettings()
    api: ApiSettings = ApiSettings()

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

    def resolve_path(self, folder: Path, value: str) -> Path:
        """Return a path of the settings, which starts at the file's folder."""
        return folder / Path(value).expanduser()
