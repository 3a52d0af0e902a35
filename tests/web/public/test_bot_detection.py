"""Link scanners are told from people by the honeypot, for ten minutes."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.web.public.bot_detection import (
    BUTTON_VALUE,
    CHALLENGE_WINDOW,
    MAX_CLIENTS,
    ScannerDetector,
)
from newsletter.web.public.challenge import build_honeypot_link

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_press_of_somebody_unknown_counts() -> None:
    """Nobody is suspected who hasn't followed the honeypot."""
    assert ScannerDetector().record_press("client", BUTTON_VALUE, NOW) == 0


def test_presses_after_the_honeypot_are_counted() -> None:
    """The first is challenged, and the second; each says which it is."""
    detector = ScannerDetector()
    detector.mark("client", NOW)
    counts = [detector.record_press("client", BUTTON_VALUE, NOW) for _ in range(3)]
    assert counts == [1, 2, 3]
    assert detector.record_press("another", BUTTON_VALUE, NOW) == 0


@pytest.mark.parametrize(
    ("after", "count"),
    [
        (timedelta(0), 1),
        (CHALLENGE_WINDOW - SECOND, 1),
        (CHALLENGE_WINDOW, 0),
        (CHALLENGE_WINDOW + SECOND, 0),
    ],
    ids=["at-once", "at-last", "over", "long-over"],
)
def test_suspicion_ends(after: timedelta, count: int) -> None:
    """A person behind the same address (an office's NAT) isn't asked for ever."""
    detector = ScannerDetector()
    detector.mark("client", NOW)
    assert detector.record_press("client", BUTTON_VALUE, NOW + after) == count


def test_a_scanner_that_comes_again_is_suspected_longer() -> None:
    """From its last visit; its presses are counted on."""
    detector = ScannerDetector()
    detector.mark("client", NOW)
    detector.record_press("client", BUTTON_VALUE, NOW)
    later = NOW + CHALLENGE_WINDOW - SECOND
    detector.mark("client", later)
    assert detector.record_press("client", BUTTON_VALUE, later + CHALLENGE_WINDOW - SECOND) == 2


@pytest.mark.parametrize("pressed_by", ["", "One-Click", "Page", "page "], ids=repr)
def test_what_isnt_our_button_is_never_challenged(pressed_by: str) -> None:
    """A mail provider's one-click POST (RFC 8058) must work, whoever scanned the letter."""
    detector = ScannerDetector()
    detector.mark("client", NOW)
    assert detector.record_press("client", pressed_by, NOW) == 0


def test_memory_is_bounded() -> None:
    """The clients that were seen longest ago are forgotten first."""
    detector = ScannerDetector()
    for number in range(MAX_CLIENTS):
        detector.mark(str(number), NOW)
    detector.mark("0", NOW)
    detector.mark("new", NOW)
    assert detector.record_press("0", BUTTON_VALUE, NOW) == 1
    assert detector.record_press("new", BUTTON_VALUE, NOW) == 1
    assert detector.record_press("1", BUTTON_VALUE, NOW) == 0
    assert detector.record_press("2", BUTTON_VALUE, NOW) == 1


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/u/TOKEN", "u/TOKEN/more"),
        ("/u/TOKEN/", "u/TOKEN/more"),
        ("/u/TOKEN/undo", "u/TOKEN/more"),
        ("/c/TOKEN/sure", "c/TOKEN/more"),
        ("/p/TOKEN", "p/TOKEN/more"),
    ],
    ids=["page", "slash", "undo", "sure", "preferences"],
)
def test_where_the_honeypot_leads(path: str, link: str) -> None:
    """Below the token's page, whichever of its pages holds the link."""
    assert build_honeypot_link(path) == link
