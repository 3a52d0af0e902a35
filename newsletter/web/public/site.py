"""What the public pages need to know of a newsletter."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from newsletter.app.mail_setup import get_contact
from newsletter.app.rendering import load_workspace_theme
from newsletter.app.secret_files import read_api_token
from newsletter.app.workspace import Workspace
from newsletter.mail.tokens import TokenKeys
from newsletter.render.palette import Palette
from newsletter.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpOptions:
    """What is offered to whoever signs up, or changes what they get."""

    open: bool = True
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    #: What they say yes to; "": a sentence that comes with the program.
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
    #: Where subscribers reach us, "https://nyhetsbrev.example.org"; links are never made from a
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

    @classmethod
    def from_workspace(cls, workspace: Workspace) -> Self:
        """Return the site of a newsletter's workspace."""
        ours, logo, signup = (
            workspace.settings.newsletter,
            workspace.settings.theme.logo,
            workspace.settings.signup,
        )
        return cls(
            database=workspace.database,
            keys=workspace.token_keys,
            title=ours.title,
            language=ours.language,
            public_url=ours.public_url,
            palette=load_workspace_theme(workspace).palette,
            keyed_hash=workspace.keyed_hash,
            clock=workspace.clock,
            contact=get_contact(workspace),
            postal_address=ours.postal_address,
            pictures=workspace.picture_store.folder,
            logo=(
                workspace.settings.resolve_path(workspace.folder, logo)
                if logo and "://" not in logo
                else None
            ),
            signup=SignUpOptions(
                open=signup.open,
                languages=signup.languages,
                tags=signup.tags,
                wording=signup.wording or "",
                welcome=signup.welcome,
                goodbye=signup.goodbye,
            ),
            api_token=read_api_token(workspace),
        )
