"""Checks of the pictures themselves.

Broken, too heavy, or in a form that some clients don't show.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsletter.domain.finding import Finding, Level
from newsletter.i18n import Phrase

#: Bytes: on a phone in the country a heavier picture comes too late.
HEAVY_PICTURE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPicture:
    """A picture as readers get it."""

    #: "jpg", "webp", …; "": unknown.
    kind: str
    #: Bytes.
    size_bytes: int
    #: Every client shows this kind.
    is_mail_safe: bool


def check_pictures(
    pictures: Mapping[str, CheckedPicture], broken: Mapping[str, tuple[Phrase, bool]]
) -> Iterator[Finding]:
    """Yield what is wrong with the pictures.

    `broken`: address → why, and whether a server gave something at all.
    """
    for url, (cause, reached) in broken.items():
        message = Phrase("A picture can't be shown: {url} ({cause})", url=url, cause=cause)
        yield Finding(
            code="picture-broken",
            level=Level.error if reached else Level.warning,
            message=message,
            where=url,
        )
    for url, picture in pictures.items():
        if picture.size_bytes > HEAVY_PICTURE_BYTES:
            message = Phrase(
                "A picture has {size:.1f} MB, and comes late on a phone. Save a smaller one, or set"
                " pictures.host to ours: {url}",
                size=picture.size_bytes / 1_000_000, url=url,
            )  # fmt: skip
            yield Finding(code="picture-heavy", level=Level.warning, message=message, where=url)
        if not picture.is_mail_safe:
            message = Phrase(
                "A picture is {kind}, which Outlook and others don't show. Save it as JPEG or PNG,"
                " or set pictures.host to ours: {url}",
                kind=picture.kind.upper(), url=url,
            )  # fmt: skip
            yield Finding(code="picture-format", level=Level.warning, message=message, where=url)
