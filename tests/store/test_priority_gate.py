"""Readers who wait for a page go before letters, and letters go on all the same."""

import threading

from newsletter.store.priority_gate import PriorityGate
from tests.waiting import HANG_SECONDS


def test_patient_work_waits_until_the_last_hurry_is_over() -> None:
    """Two ask for a page; the turn of a send comes after both."""
    turns, passed = PriorityGate(max_yield=60), threading.Event()

    def _send() -> None:
        turns.yield_to_priority()
        passed.set()

    sender = threading.Thread(target=_send)
    with turns.prioritise():
        with turns.prioritise():
            sender.start()
        assert not passed.wait(0.05)
    sender.join(HANG_SECONDS)
    assert passed.is_set()


def test_nobody_waits_where_nobody_hurries() -> None:
    """A send alone is not held up, also after a request that failed."""
    turns = PriorityGate(max_yield=60)
    try:
        with turns.prioritise():
            raise RuntimeError("a page that can't be shown")
    except RuntimeError:
        pass
    waiting = threading.Thread(target=turns.yield_to_priority)
    waiting.start()
    waiting.join(HANG_SECONDS)
    assert not waiting.is_alive()


def test_letters_go_on_however_many_hurry() -> None:
    """A flood of requests slows a send down; it doesn't stop it."""
    turns = PriorityGate(max_yield=0.01)
    with turns.prioritise():
        waiting = threading.Thread(target=turns.yield_to_priority)
        waiting.start()
        waiting.join(HANG_SECONDS)
        assert not waiting.is_alive()
