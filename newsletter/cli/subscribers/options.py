"""The group of the commands about the list, and what they share."""

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from newsletter.i18n import _

if TYPE_CHECKING:
    from newsletter.domain.subscriber import SubscriberStatus

JSON_OPTION = click.option("--json", "as_json", is_flag=True, help=_("For other programs."))


@click.group(help=_("Import, export and change the list of readers."))
def subscribers() -> None:
    """Group the commands about the list."""


@contextlib.contextmanager
def open_atomically(file: Path) -> Iterator[TextIO]:
    """Open a file that is there whole or not at all; "-" is standard output."""
    if str(file) == "-":
        sys.stdout.flush()
        stream = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
        try:
            yield stream
            stream.flush()
        finally:
            stream.detach()
        return
    partial = file.with_name(f".{file.name}.part")
    try:
        with partial.open("w", encoding="utf-8", newline="") as out:
            yield out
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def translate_statuses() -> "dict[SubscriberStatus, str]":
    """Return each status in words."""
    from newsletter.domain.subscriber import SubscriberStatus

    return {
        SubscriberStatus.active: _("active"),
        SubscriberStatus.pending: _("not confirmed"),
        SubscriberStatus.unsubscribed: _("has left"),
        SubscriberStatus.bounced: _("bounced"),
        SubscriberStatus.complained: _("reported as spam"),
        SubscriberStatus.manual: _("blocked by staff"),
    }


def make_printable(value: object) -> str:
    """Make a value safe to show on a terminal."""
    from newsletter.i18n import to_printable

    return to_printable(value)
