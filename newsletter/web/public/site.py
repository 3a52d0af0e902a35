"""What the pages for readers need to know; `app` makes it from the settings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from newsletter.mail.tokens import TokenKeys
from newsletter.render.palette import Palette
from newsletter.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpOptions:
    """What is offered to who signs up, or changes what she gets."""

    open: bool = True
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    #: What she says yes to; "": a sentence that comes with the program.
    wording: str = ""
    welcome: bool = False
    goodbye: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSite:
    """One newsletter's pages."""

    database: Database
    keys: TokenKeys
    #: The newsletter's title and language.
    title: str
    language: str
    #: Where readers reach us, "https://nyhetsbrev.example.org"; links are never made from a
    #: request's Host.
    public_url: str
    palette: Palette
    #: Makes a keyed hash of an address.
    keyed_hash: Callable[[str], str]
    clock: Callable[[], datetime]
    #: Where a person answers, shown where a page can't help; "" shows none.
    contact: str = ""
    postal_address: str = ""
    #: The logo's file, shown under its own name; None where there is none, or where it lies
    #: elsewhere.
    logo: Path | None = None
    #: The folder of pictures that lie with us; None: none do.
    pictures: Path | None = None
    signup: SignUpOptions = SignUpOptions()
    #: What other programs show to use the JSON API; None: it is off.
    api_token: str | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """The host of `public_url`, in lower case."""
        return (urlsplit(self.public_url).hostname or "").lower()

    @property
    def base(self) -> str:
        """The path of `public_url` without a slash at its end; "" where it has none."""
        return urlsplit(self.public_url).path.rstrip("/")
