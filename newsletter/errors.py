"""Every error that a person may meet.

    NewsletterError
    ├── SettingsError        newsletter.toml or the environment is wrong
    ├── SourceError          posts can't be read from a source
    │   └── FetchError       an address can't be fetched (Passing: it may work later)
    ├── IssueFileError       an issue file can't be read, or is not there
    ├── NothingNew           there is nothing to compose an issue of
    ├── RenderError          a theme or an issue can't be drawn
    ├── PictureError         this is no picture for mail, or a broken one
    ├── AddressError         this is no address that mail can be sent to
    ├── ListError            a subscriber list can't be read or changed
    ├── TokenError           a link was altered, or isn't ours
    ├── StoreError           the database can't be opened, is locked, full or too new
    ├── MailboxError         the mailbox that mail comes back to can't be read
    ├── ScheduleError        a time can't be understood, or is past
    ├── ServerError          the mail server can't be reached or used
    └── SendError            an issue can't be sent as things are
        ├── CheckError       open errors of the checks stop it
        └── AlreadySending   another process is at it

Expected answers are values (`Outcome`), not exceptions. A message names the thing, the cause and
the cure:

    raise FetchError("{host} sent no feed ({code}). Check sources.url in newsletter.toml.",
    host=host, code=404)
"""

from newsletter.i18n import Phrase


class NewsletterError(Exception):
    """What went wrong, in a sentence that its reader can act on, in her language.

    The text is a msgid of the catalogues with `{named}` values; `say("sv")` gives Swedish, `str()`
    English.
    """

    def __init__(self, text: str, /, **values: object) -> None:
        super().__init__(text)
        self.phrase = Phrase(text, **values)

    def translate(self, language: str) -> str:
        """Return the message in a language."""
        return self.phrase.translate(language)

    def __str__(self) -> str:
        return str(self.phrase)


class SettingsError(NewsletterError):
    """newsletter.toml or the environment is wrong: all mistakes in one message."""


class SourceError(NewsletterError):
    """Posts can't be read from a source."""


class FetchError(SourceError):
    """An address can't be fetched; `passing` says whether trying later may help."""

    def __init__(self, text: str, /, *, is_transient: bool = False, **values: object) -> None:
        super().__init__(text, **values)
        self.is_transient = is_transient


class IssueFileError(NewsletterError):
    """An issue file can't be read, or isn't there."""


class NothingNewError(NewsletterError):
    """There is nothing to compose an issue of."""


class RenderError(NewsletterError):
    """A theme or an issue can't be drawn."""


class PictureError(NewsletterError):
    """This is no picture for mail, or a broken one."""


class AddressError(NewsletterError):
    """This is no address that mail can be sent to."""


class ListError(NewsletterError):
    """A subscriber list can't be read or changed."""


class TokenError(NewsletterError):
    """A link was altered, or isn't ours."""


class StoreError(NewsletterError):
    """The database can't be opened, is locked, full, or newer than this program.

    `passing`: waiting may help.
    """

    def __init__(self, text: str, /, *, is_transient: bool = False, **values: object) -> None:
        super().__init__(text, **values)
        self.is_transient = is_transient


class MailboxError(NewsletterError):
    """The mailbox that mail comes back to can't be read or written."""


class ScheduleError(NewsletterError):
    """A time can't be understood, is past, or an issue has none."""


class ServerError(NewsletterError):
    """The mail server can't be reached or used; no reader is to blame.

    `passing` says whether trying later may help.
    """

    def __init__(self, text: str, /, *, is_transient: bool = False, **values: object) -> None:
        super().__init__(text, **values)
        self.is_transient = is_transient


class SendError(NewsletterError):
    """An issue can't be sent as things are."""


class CheckError(SendError):
    """Open errors of the checks stop the send."""


class AlreadySendingError(SendError):
    """Another process is sending from this database."""
