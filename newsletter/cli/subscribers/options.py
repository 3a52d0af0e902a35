"""What the commands about the list share: an option, writing a file, statuses in words."""

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import click

from newsletter.domain.subscriber import SubscriberStatus
from newsletter.i18n import _

JSON_OPTION = click.option("--json", "as_json", is_flag=True, help=_("For other programs."))


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


def translate_statuses() -> dict[SubscriberStatus, str]:
    """Return each status in words."""
    return {
        SubscriberStatus.active: _("active"),
        SubscriberStatus.pending: _("not confirmed"),
        SubscriberStatus.unsubscribed: _("has left"),
        SubscriberStatus.bounced: _("bounced"),
        SubscriberStatus.complained: _("reported as spam"),
        SubscriberStatus.manual: _("blocked by staff"),
    }
