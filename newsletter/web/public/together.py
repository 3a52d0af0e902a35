"""Write what many ask for at the same time in one transaction.

A commit waits for the disk, and two hundred commits wait long.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Done = TypeVar("Done")


class Together(Generic[Asked, Done]):
    """Collects what comes while a transaction is under way, and does it in the next one.

    `do` gets all of it and returns a result for each, in the same order; it runs in a thread. What
    it raises is raised to each that asked.
    """

    def __init__(self, do: Callable[[Sequence[Asked]], Sequence[Done]]) -> None:
        self._do = do
        self._waiting: list[tuple[Asked, asyncio.Future[Done]]] = []
        self._work: asyncio.Task[None] | None = None

    async def __call__(self, asked: Asked) -> Done:
        """Have it done, and return its result; the transaction is committed by then."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Done] = loop.create_future()
        self._waiting.append((asked, future))
        if self._work is None or self._work.done() or self._work.get_loop() is not loop:
            self._work = loop.create_task(self._all())
        return await future

    async def _all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                results = await asyncio.to_thread(self._do, [asked for asked, _ in batch])
            except Exception as error:  # noqa: BLE001  # each that asked gets it
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_, future), result in zip(batch, results, strict=True):
                    if not future.done():  # who asked may be gone
                        future.set_result(result)
