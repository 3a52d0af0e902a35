"""How a send looks on a terminal: times, counts, words."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.cli.send_output import (
    _ClosedTolerantStream,
    catch_stop_signals,
    format_duration,
    format_progress,
    format_summary,
    translate_states,
)
from newsletter.delivery.send_status import SendStatus
from newsletter.domain.delivery import DeliveryState, SendProgress
from newsletter.domain.issue import IssueState

STATES = DeliveryState


def count(**counts: int) -> dict[DeliveryState, int]:
    """Return the counts of all states."""
    return {**dict.fromkeys(STATES, 0), **{STATES(name): n for name, n in counts.items()}}


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(0), "0:00:00"),
        (timedelta(seconds=59.6), "0:01:00"),
        (timedelta(minutes=61, seconds=1), "1:01:01"),
        (timedelta(days=2, seconds=5), "48:00:05"),
    ],
)
def test_time_spans(span: timedelta, text: str) -> None:
    """In hours, however many."""
    assert format_duration(span) == text


@pytest.mark.parametrize(
    ("progress", "english", "swedish"),
    [
        (SendProgress(counts=count(planned=5)), "0 of 5 accepted", "0 av 5 mottagna"),
        (
            SendProgress(counts=count(planned=50, accepted=50), rate=10.4),
            "50 of 100 accepted, 10 a second, 0:00:05 left",
            "50 av 100 mottagna, 10 i sekunden, 0:00:05 kvar",
        ),
        (
            SendProgress(counts=count(planned=5, accepted=1), rate=0.5),
            "1 of 6 accepted",
            "1 av 6 mottagna",
        ),
        (
            SendProgress(counts=count(accepted=3, deferred=2)),
            "3 of 5 accepted, 2 to be tried again",
            "3 av 5 mottagna, 2 ska försökas igen",
        ),
    ],
    ids=["begun", "under way", "slow", "deferred"],
)
def test_one_line_says_how_far_it_is(
    progress: SendProgress, english: str, swedish: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How fast only where that is a number one can see."""
    monkeypatch.setenv("LANGUAGE", "en")
    assert format_progress(progress) == english
    monkeypatch.setenv("LANGUAGE", "sv")
    assert format_progress(progress) == swedish


def test_when_it_is_tried_again_is_this_machines_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read by who sits at it."""
    monkeypatch.setenv("LANGUAGE", "en")
    due = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    shown = format_progress(SendProgress(counts=count(deferred=2), next_due=due))
    assert shown.endswith(f"2 to be tried again from {due.astimezone():%H:%M} on")


@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_state_has_words(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of deliveries and those of issues; "sending" and "suppressed" are named in both."""
    monkeypatch.setenv("LANGUAGE", language)
    words = translate_states()
    assert set(words) == {state.value for state in (*DeliveryState, *IssueState)}
    assert all(words.values())


@pytest.mark.parametrize(
    ("state", "deferred", "is_said"),
    [
        (IssueState.sending, 1, True),
        (IssueState.sending, 0, False),
        (IssueState.paused, 1, False),
        (IssueState.cancelled, 1, False),
    ],
)
def test_that_it_goes_on_by_itself_is_said_only_where_it_does(
    state: IssueState, deferred: int, is_said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A held send tries nothing again."""
    monkeypatch.setenv("LANGUAGE", "en")
    progress = SendProgress(
        counts=count(deferred=deferred), next_due=datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    )
    shown = format_summary(
        SendStatus(issue_name="12", state=state, progress=progress, domain_counts={})
    )
    assert ("1 message is tried again from 2026-12-01 09:30 UTC on" in shown) is is_said


@pytest.fixture
def own_handler() -> Iterator[list[int]]:
    """Handle SIGTERM here, so that a test sees who handles it."""
    seen: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: seen.append(number))
    yield seen
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_what_is_under_way(
    number: signal.Signals, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event, not an exception; it is said once."""
    monkeypatch.setenv("LANGUAGE", "en")
    with catch_stop_signals() as stop:
        assert not stop.is_set()
        os.kill(os.getpid(), number)
        assert stop.is_set()
        os.kill(os.getpid(), signal.SIGTERM)
    assert capsys.readouterr().err == "Finishing what is under way …\n"


def test_a_second_ctrl_c_ends_at_once() -> None:
    """Whoever presses it twice means it."""

    def press_twice() -> None:
        with catch_stop_signals():
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        press_twice()


def test_handlers_and_streams_come_back(own_handler: list[int]) -> None:
    """Also where the block ends by an error."""
    streams = sys.stdout, sys.stderr

    def fail_inside() -> None:
        with catch_stop_signals():
            assert sys.stdout is not streams[0]
            raise LookupError

    with pytest.raises(LookupError):
        fail_inside()
    assert (sys.stdout, sys.stderr) == streams
    os.kill(os.getpid(), signal.SIGTERM)
    assert own_handler == [signal.SIGTERM]


def test_what_was_ignored_stays_so() -> None:
    """`nohup newsletter send`: a closed terminal stops nothing."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with catch_stop_signals() as stop:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not stop.is_set()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


class GoneStream:
    """A terminal that was closed."""

    encoding = "utf-8"

    def write(self, _text: str) -> int:
        """Fail as the kernel does."""
        raise OSError(5, "Input/output error")

    def flush(self) -> None:
        """Fail as the kernel does."""
        raise OSError(5, "Input/output error")


@pytest.mark.parametrize(
    "use",
    [lambda stream: stream.write("word"), lambda stream: stream.flush()],
    ids=["write", "flush"],
)
def test_a_terminal_that_is_gone_stops_nothing(
    use: Callable[[_ClosedTolerantStream], object],
) -> None:
    """All else of it is as it was."""
    stream = _ClosedTolerantStream(GoneStream())
    assert use(stream) in (4, None)
    assert stream.encoding == "utf-8"
