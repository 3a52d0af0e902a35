"""Many who ask at the same time are written in one transaction."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from newsletter.web.public.group_commit import GroupCommit
from tests.waiting import HANG_SECONDS


class Batches:
    """Doubles numbers, and remembers in which batches; the first batch waits until it may."""

    def __init__(self, *, is_held: bool = False) -> None:
        self.batches: list[list[int]] = []
        self.threads: set[int] = set()
        self.may_go = threading.Event()
        self.has_begun = threading.Event()
        if not is_held:
            self.may_go.set()

    def commit(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        self.threads.add(threading.get_ident())
        self.has_begun.set()
        assert self.may_go.wait(HANG_SECONDS)
        if 13 in items:
            raise ValueError("13")
        return [item * 2 for item in items]


async def ask_while_busy(batches: Batches, *items: int) -> list[object]:
    """Ask for 1, and for the others while that is being written."""
    commit = GroupCommit(batches.commit)
    first = asyncio.create_task(commit(1))
    await asyncio.to_thread(batches.has_begun.wait, 30)
    others = [asyncio.create_task(commit(item)) for item in items]
    await asyncio.sleep(0)
    batches.may_go.set()
    return await asyncio.gather(first, *others, return_exceptions=True)


def test_one_alone_is_written_at_once() -> None:
    """Nobody waits for others to come."""
    batches = Batches()
    assert asyncio.run(GroupCommit(batches.commit)(4)) == 8
    assert batches.batches == [[4]]


def test_who_comes_meanwhile_shares_the_next_transaction() -> None:
    """A commit waits for the disk: 50 wait once, and each gets its own result."""
    batches = Batches(is_held=True)
    results = asyncio.run(ask_while_busy(batches, *range(100, 150)))
    assert batches.batches == [[1], list(range(100, 150))]
    assert results == [2, *(item * 2 for item in range(100, 150))]


def test_the_loop_isnt_held_up() -> None:
    """Transactions run in a thread."""
    batches = Batches()
    asyncio.run(GroupCommit(batches.commit)(1))
    assert threading.get_ident() not in batches.threads


def test_an_error_is_everybodys_who_shared_the_transaction() -> None:
    """It was rolled back whole; those of another transaction know nothing of it."""
    batches = Batches(is_held=True)
    first, *others = asyncio.run(ask_while_busy(batches, 12, 13, 14))
    assert first == 2
    assert [type(one) for one in others] == [ValueError] * 3


def test_after_an_error_the_next_is_written() -> None:
    """One bad transaction stops no others."""
    batches = Batches()
    commit = GroupCommit(batches.commit)

    async def run() -> int:
        with pytest.raises(ValueError, match="13"):
            await commit(13)
        return await commit(5)

    assert asyncio.run(run()) == 10


def test_who_has_gone_is_written_all_the_same() -> None:
    """A client that hangs up has unsubscribed; those beside it get their results."""
    batches = Batches(is_held=True)

    async def run() -> list[object]:
        commit = GroupCommit(batches.commit)
        first = asyncio.create_task(commit(1))
        await asyncio.to_thread(batches.has_begun.wait, 30)
        gone, stays = asyncio.create_task(commit(2)), asyncio.create_task(commit(3))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        batches.may_go.set()
        return await asyncio.gather(first, gone, stays, return_exceptions=True)

    first, gone, stays = asyncio.run(run())
    assert (first, stays) == (2, 6)
    assert isinstance(gone, asyncio.CancelledError)
    assert batches.batches == [[1], [2, 3]]


def test_another_event_loop_begins_anew() -> None:
    """A server that was stopped and started in one process (tests do) isn't waited for."""
    batches = Batches()
    commit = GroupCommit(batches.commit)
    assert [asyncio.run(commit(item)) for item in (1, 2, 3)] == [2, 4, 6]


def test_too_few_results_are_an_error_of_ours() -> None:
    """Results belong to those who asked by their order: none may be missing."""

    async def run() -> None:
        commit: GroupCommit[int, int] = GroupCommit(lambda items: [])
        task = asyncio.create_task(commit(1))
        done, _ = await asyncio.wait([task], timeout=0.5)
        assert not done
        task.cancel()

    asyncio.run(run())
