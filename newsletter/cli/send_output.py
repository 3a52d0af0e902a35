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
from typing import Any

import click

from newsletter.cli.context import CliContext
from newsletter.delivery.send_status import SendStatus, estimate_time_left
from newsletter.domain.delivery import FINAL_STATES, DeliveryState, SendProgress
from newsletter.i18n import _, ngettext

#: Seconds between two lines where there is no terminal.
PROGRESS_LINE_SECONDS = 60.0
#: Columns of a terminal that is too narrow for a bar.
MIN_BAR_COLUMNS = 70


@contextmanager
def catch_stop_signals() -> Iterator[threading.Event]:
    """Turn Ctrl-C, SIGTERM and SIGHUP into an event; a second Ctrl-C ends at once.

    What was ignored before (nohup, a script's background) stays so. Until the end a terminal that
    was closed, or a pipe that nobody reads any more, stops nothing: what is under way is worth more
    than a line about it.
    """
    stop = threading.Event()

    def _handle_signal(number: int, _frame: object) -> None:
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
    sys.stdout, sys.stderr = _ClosedTolerantStream(sys.stdout), _ClosedTolerantStream(sys.stderr)
    try:
        for number in before:
            signal.signal(number, _handle_signal)
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        sys.stdout, sys.stderr = streams


class _ClosedTolerantStream:
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
def show_progress(context: CliContext) -> Iterator[Callable[[SendProgress], None]]:
    """Show how far a send is: a bar on a terminal, a line a minute elsewhere."""
    if not sys.stderr.isatty():
        yield _make_line_printer()
        return
    # Put off: where there is no terminal there is no bar, under cron and `serve`.
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar
    from rich.table import Column

    # On a narrow terminal the words go on in a second line, and the bar gives way.
    words = TextColumn("{task.description}", table_column=Column(no_wrap=False))
    bars = [BarColumn(None)] if context.err.width >= MIN_BAR_COLUMNS else []
    with Bar(words, *bars, TextColumn("{task.percentage:3.0f} %"), console=context.err) as bar:
        task = bar.add_task("", total=None)

        def _update_bar(progress: SendProgress) -> None:
            done = progress.audience - _count_open(progress)
            bar.update(
                task,
                total=progress.audience or 1,
                completed=done,
                description=format_progress(progress),
            )

        yield _update_bar


def _make_line_printer() -> Callable[[SendProgress], None]:
    last = time.monotonic()

    def _print_line(progress: SendProgress) -> None:
        nonlocal last
        if time.monotonic() - last >= PROGRESS_LINE_SECONDS:
            last = time.monotonic()
            click.echo(format_progress(progress), err=True)

    return _print_line


def format_progress(progress: SendProgress) -> str:
    """Say in one line how far it is, how fast, and how long it will take."""
    text = _("{accepted} of {audience} accepted").format(
        accepted=progress.counts[DeliveryState.accepted], audience=progress.audience
    )
    rest = estimate_time_left(progress)
    if progress.rate >= 1 and rest is not None:
        text += _(", {rate} a second, {time} left").format(
            rate=round(progress.rate), time=format_duration(rest)
        )
    elif progress.counts[DeliveryState.deferred]:
        text += _(", {count} to be tried again").format(
            count=progress.counts[DeliveryState.deferred]
        )
        if progress.next_due is not None:
            text += _(" from {time} on").format(time=f"{progress.next_due.astimezone():%H:%M}")
    return text


def format_duration(span: timedelta) -> str:
    """Write a time span as hours:minutes:seconds."""
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def translate_states() -> dict[str, str]:
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


def format_summary(send_status: SendStatus) -> str:
    """Say how an issue stands in a few lines.

    Counts that aren't zero, causes, what goes on by itself.
    """
    words = translate_states()
    counts = [(state, count) for state, count in send_status.progress.counts.items() if count]
    lines = [
        _("{issue}: {state}").format(
            issue=send_status.issue_name, state=words[send_status.state.value]
        )
    ]
    if send_status.cause:
        lines.append("  " + send_status.cause)
    lines += [f"  {count:>9,}  {words[state.value]}".replace(",", " ") for state, count in counts]
    for trouble in send_status.failures:
        said = " ".join(part for part in (str(trouble.code or ""), trouble.reply) if part)
        lines.append(f"  {trouble.count:>9,}".replace(",", " ") + f" × {said}")
    deferred, due = (
        send_status.progress.counts[DeliveryState.deferred],
        send_status.progress.next_due,
    )
    if deferred and due and send_status.state.value == "sending":
        text = ngettext(
            "{count} message is tried again from {time} UTC on: by newsletter serve, by newsletter"
            " run --once, or by this command.",
            "{count} messages are tried again from {time} UTC on: by newsletter serve, by"
            " newsletter run --once, or by this command.",
            deferred,
        )
        lines.append(text.format(count=deferred, time=f"{due:%Y-%m-%d %H:%M}"))
    return "\n".join(lines)


def _count_open(progress: SendProgress) -> int:
    return sum(count for state, count in progress.counts.items() if state not in FINAL_STATES)
