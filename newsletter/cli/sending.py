"""How a send looks on a terminal.

The bar, the lines where there is no terminal, the words at the end.
"""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.context import Context
from newsletter.domain.delivery import DeliveryState, SendProgress
from newsletter.i18n import _, ngettext

if TYPE_CHECKING:
    from newsletter.app import Workspace
    from newsletter.delivery.report import SendStatus

#: Seconds between two lines where there is no terminal.
LINE = 60.0
#: Columns of a terminal that is too narrow for a bar.
NARROW = 70


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """Turn Ctrl-C, SIGTERM and SIGHUP into an event; a second Ctrl-C ends at once.

    What was ignored before (nohup, a script's background) stays so. Until the end a terminal that
    was closed, or a pipe that nobody reads any more, stops nothing: what is under way is worth more
    than a line about it.
    """
    stop = threading.Event()

    def _stop(number: int, _frame: object) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        first = not stop.is_set()
        stop.set()
        if first:
            with suppress(
                OSError, RuntimeError
            ):  # RuntimeError: the signal came in the middle of another line
                click.echo(_("Finishing what is under way …"), err=True)

    known = {
        number: signal.getsignal(number)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    before = {number: handler for number, handler in known.items() if handler is not signal.SIG_IGN}
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Spared(sys.stdout), _Spared(sys.stderr)
    try:
        for number in before:
            signal.signal(number, _stop)
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        sys.stdout, sys.stderr = streams


class _Spared:
    """A stream to which nobody may be listening any more."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, if that is still possible."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, if that is still possible."""
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def shown_progress(context: Context) -> Iterator[Callable[[SendProgress], None]]:
    """Show how far a send is: a bar on a terminal, a line a minute elsewhere."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar
    from rich.table import Column

    # On a narrow terminal the words go on in a second line, and the bar gives way.
    words = TextColumn("{task.description}", table_column=Column(no_wrap=False))
    bars = [BarColumn(None)] if context.err.width >= NARROW else []
    with Bar(words, *bars, TextColumn("{task.percentage:3.0f} %"), console=context.err) as bar:
        task = bar.add_task("", total=None)

        def _show(progress: SendProgress) -> None:
            done = progress.audience - _open(progress)
            bar.update(
                task, total=progress.audience or 1, completed=done, description=line(progress)
            )

        yield _show


def _lines() -> Callable[[SendProgress], None]:
    last = time.monotonic()

    def _show(progress: SendProgress) -> None:
        nonlocal last
        if time.monotonic() - last >= LINE:
            last = time.monotonic()
            click.echo(line(progress), err=True)

    return _show


def line(progress: SendProgress) -> str:
    """Say in one line how far it is, how fast, and how long it will take."""
    from newsletter.delivery.report import estimate_time_left

    text = _("{accepted} of {audience} accepted").format(
        accepted=progress.counts[DeliveryState.accepted], audience=progress.audience
    )
    rest = estimate_time_left(progress)
    if progress.rate >= 1 and rest is not None:
        text += _(", {rate} a second, {time} left").format(
            rate=round(progress.rate), time=clock(rest)
        )
    elif progress.counts[DeliveryState.deferred]:
        text += _(", {count} to be tried again").format(
            count=progress.counts[DeliveryState.deferred]
        )
        if progress.next_due is not None:
            text += _(" from {time} on").format(time=f"{progress.next_due.astimezone():%H:%M}")
    return text


def issue_name(workspace: "Workspace", issue: str) -> str:
    """Return the name of an issue given by name or path.

    One that is being sent needs no file any more.
    """
    from newsletter.delivery import audience
    from newsletter.errors import IssueFileError

    try:
        return workspace.find_issue_path(issue).stem
    except IssueFileError:
        if audience.find_issue(workspace.database, issue) is None:
            raise
        return issue


def clock(span: timedelta) -> str:
    """Write a time span as hours:minutes:seconds."""
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def state_words() -> dict[str, str]:
    """Return the states of deliveries and issues in words."""
    return {
        "planned": _("not tried yet"),
        "claimed": _("about to be sent"),
        "sending": _("being sent"),
        "accepted": _("accepted"),
        "deferred": _("to be tried again"),
        "refused": _("refused"),
        "unknown": _("unknown: no answer came"),
        "suppressed": _("left the list in time"),
        "draft": _("draft"),
        "scheduled": _("scheduled"),
        "paused": _("paused"),
        "sent": _("sent"),
        "cancelled": _("cancelled"),
    }


def summary(found: "SendStatus") -> str:
    """Say how an issue stands in a few lines.

    Counts that aren't zero, causes, what goes on by itself.
    """
    words = state_words()
    counts = [(state, count) for state, count in found.progress.counts.items() if count]
    lines = [_("{issue}: {state}").format(issue=found.issue_name, state=words[found.state.value])]
    if found.cause:
        lines.append("  " + found.cause)
    lines += [f"  {count:>9,}  {words[state.value]}".replace(",", " ") for state, count in counts]
    for trouble in found.failures:
        said = " ".join(part for part in (str(trouble.code or ""), trouble.reply) if part)
        lines.append(f"  {trouble.count:>9,}".replace(",", " ") + f" × {said}")
    deferred, due = found.progress.counts[DeliveryState.deferred], found.progress.next_due
    if deferred and due and found.state.value == "sending":
        text = ngettext(
            "{count} message is tried again from {time} UTC on: by newsletter serve, by newsletter"
            " run --once, or by this command.",
            "{count} messages are tried again from {time} UTC on: by newsletter serve, by"
            " newsletter run --once, or by this command.",
            deferred,
        )
        lines.append(text.format(count=deferred, time=f"{due:%Y-%m-%d %H:%M}"))
    return "\n".join(lines)


def _open(progress: SendProgress) -> int:
    from newsletter.domain.delivery import FINAL_STATES

    return sum(count for state, count in progress.counts.items() if state not in FINAL_STATES)
