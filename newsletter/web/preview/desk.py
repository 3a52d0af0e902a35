"""What the preview asks of a newsletter: which issues there are, how one looks, what may change.

`workspace.WorkspaceDesk` answers from a newsletter's folder; tests answer from values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from newsletter.domain.finding import Finding
from newsletter.domain.issue import Rendered


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """An issue as it would go out."""

    rendered: Rendered
    #: Slot → what a made-up reader would see there; a slot without a value stays open, and is seen.
    values: Mapping[str, str]
    #: The whole mail to the made-up reader, as it would be sent.
    message: bytes
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPicture:
    """A picture's bytes, with one of `letter.PICTURE_TYPES`."""

    content: bytes
    content_type: str


class Desk(Protocol):
    """One newsletter, seen by its editors. All of it is called in threads, never two looks at once."""

    @property
    def language(self) -> str:
        """The language of the interface."""

    def issues(self) -> Sequence[str]:
        """Return the names of the issues to choose from, the one to open first at the front."""

    def look(self, issue: str) -> Look:
        """Draw one of the `issues`. Raises NewsletterError."""

    def source(self, issue: str) -> str:
        """Return the text of an issue's file; "" where it can't be read."""

    def picture(self, url: str) -> ShownPicture | None:
        """Return the picture at an address that occurs in an issue; None where there is none to be had."""

    def watched(self) -> Sequence[Path]:
        """Return the files and folders whose change gives another look; they need not exist yet."""
