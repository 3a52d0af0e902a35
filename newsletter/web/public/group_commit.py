"""Group commit: write what many ask for at the same time in one transaction.

A commit waits for the disk, and two hundred commits wait long.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class GroupCommit(Generic[ItemT, ResultT]):
    """Collects items while a transaction is under way, and commits them in the next one.

    `commit_batch` gets all of them and returns a result for each, in the same order; it runs in a
    thread. What it raises is raised to everybody who waits for that batch.
    """

    def __init__(self, commit_batch: Callable[[Sequence[ItemT]], Sequence[ResultT]]) -> None:
        self._commit_batch = commit_batch
        self._pending: list[tuple[ItemT, asyncio.Future[ResultT]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, item: ItemT) -> ResultT:
        """Commit an item with others, and return its result."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[ResultT] = loop.create_future()
        self._pending.append((item, future))
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._task = loop.create_task(self._commit_pending())
        return await future

    async def _commit_pending(self) -> None:
        while self._pending:
            batch, self._pending = self._pending, []
            try:
                results = await asyncio.to_thread(self._commit_batch, [item for item, _ in batch])
            except Exception as error:  # noqa: BLE001  # everybody who waits gets it
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_, future), result in zip(batch, results, strict=True):
                    if not future.done():  # the client may be gone
                        future.set_result(result)
