"""Send an issue.

    keeper:        claim → fill (fill and sign) → `sending` on disk → ready          results → disk
    connections:                                            ready → transmit → next_step → results

One keeper writes everything in group commits. At most four rows a connection are between `sending`
and their result, so that is what a crash can leave unknown. When it is told to stop, what is under
way is finished and the rest put back.
"""

import asyncio
import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

from newsletter.delivery.breaker import Breaker
from newsletter.delivery.connections import LOOK, Connections
from newsletter.delivery.fill import Filler
from newsletter.delivery.journal import Journal, Turn, Wanted, refused_result
from newsletter.delivery.pace import Pace
from newsletter.delivery.retry import next_step
from newsletter.delivery.route import PATIENCE, Ended, Route
from newsletter.delivery.servers import Servers
from newsletter.delivery.smtp import Letter
from newsletter.domain.delivery import (
    Delivery,
    DeliveryId,
    DeliveryState,
    Outcome,
    OutcomeKind,
    Progress,
)
from newsletter.errors import ServerError, StoreError
from newsletter.mail.address import domain_of
from newsletter.mail.compile import Compiled
from newsletter.store.journal import Result

_T = TypeVar("_T")

#: Rows a connection between `sending` and their result.
IN_FLIGHT = 4
#: Rows a connection that are claimed and filled ahead.
AHEAD = 8
#: Seconds that a result waits for others at most, so that they are written together while the
#: connections have enough to do.
GATHER = 0.01


class Sending:
    """One run over the open rows of one issue."""

    def __init__(
        self,
        journal: Journal,
        compiled: Compiled,
        route: Route,
        *,
        clock: Callable[[], datetime],
        stop: threading.Event | None = None,
        report: Callable[[Progress], None] = lambda _: None,
        wait: timedelta = PATIENCE,
    ) -> None:
        self.journal, self.route = journal, route
        self.clock, self.report, self.wait = clock, report, wait
        self.stop = stop or threading.Event()
        self.pace = Pace(rate=route.rate, domains=route.domain_rates)
        self.breaker = Breaker()
        self.wake = asyncio.Event()
        self.filler = Filler(compiled, route, clock=clock, stir=self._filled)
        self.servers = Servers((route.server, *route.others))
        self.connections = Connections(
            self.servers,
            waiting=lambda: len(self.filler.prepared) + self.in_flight,
            opened=self.wake.set,
            told=self._told,
            given_up=self._give_up,
            patience=route.patience,
        )
        self.surplus: list[DeliveryId] = []
        self.in_flight = 0
        self.results: list[Result] = []
        self.fault: Outcome | None = None
        self.begun: list[Letter] = []
        self.deadline: datetime | None = None
        self.chance = random.Random()  # noqa: S311  # jitter, not a secret
        self.writer = ThreadPoolExecutor(1, "journal")

    async def run(self) -> Ended:
        """Send what is due until nothing is, the issue pauses, or `stop` is set.

        Raises StoreError where the database stays away, ServerError where the server does and
        nothing was under way.
        """
        self.tasks = [*self.connections.run(), asyncio.create_task(self._report())]
        try:
            await self._keep()
            state = await self._in_writer(lambda: self.journal.finish(self.clock()))
            progress = await self._in_writer(self.journal.progress)
        finally:
            self.connections.end()
            for task in self.tasks:
                task.cancel()
            await asyncio.gather(*self.tasks, return_exceptions=True)
            await self.connections.close()
            self.writer.shutdown()
            self.filler.close()
        self.report(progress)
        return Ended(state=state, progress=progress, stopped=self.stop.is_set())

    # The keeper

    async def _keep(self) -> None:
        """Turn by turn, until there is nothing to do or no more may be done."""
        going = True
        while going or self._busy():
            self._check()
            going = going and not self.stop.is_set()
            if not going:
                self.connections.end()
                self._put_back_ready()
            wanted = self._wanted(going)
            turn = await self._write(wanted)
            going = going and turn.sending
            self._take_over(wanted, turn)
            if going and not (turn.claimed or turn.begun or self._busy()):
                going = await self._more_later()
            elif not (self.results and self._is_pressing()):
                await self._pause(GATHER if self.results else LOOK)

    def _check(self) -> None:
        """Raise what went wrong in a task.

        A mistake in the program, or the database when progress is counted.
        """
        for task in self.tasks:
            if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                raise error
        for error in self.filler.failures():
            raise error

    def _busy(self) -> bool:
        return bool(
            self.in_flight
            or self.filler.prepared
            or self.filler.under_way
            or self.results
            or self.surplus
        )

    def _is_pressing(self) -> bool:
        """Say whether connections run out of letters.

        A turn costs a wait for the disk, so it isn't taken for a few rows.
        """
        return self.connections.ready.qsize() <= self.connections.open // 2

    def _stir(self) -> None:
        """Wake the keeper if it is time."""
        if self._is_pressing():
            self.wake.set()

    def _filled(self) -> None:
        """Note that there are more letters."""
        self.connections.stir()
        self._stir()

    def _wanted(self, going: bool) -> Wanted:
        """Gather what is to be written now."""
        results, self.results = self.results, []
        gone, self.breaker.gone = self.breaker.gone, []
        fault, self.fault = self.fault, None
        surplus, self.surplus = self.surplus, []
        self.in_flight -= len(results)
        if not going:
            release = [*surplus, *(letter.delivery.id for letter in self.filler.take_all())]
            return Wanted(results=results, gone=gone, fault=fault, release=release)
        now = asyncio.get_running_loop().time()
        self.begun = self._startable(now)
        most = self.pace.ahead(AHEAD * self.servers.connections)
        room = most - len(self.filler.prepared) - self.filler.under_way
        return Wanted(
            results=results,
            gone=gone,
            fault=fault,
            begin=[letter.delivery.id for letter in self.begun],
            release=surplus,
            claim=room if room > most // 2 else 0,
            without=self.pace.full(now),
        )

    def _startable(self, now: float) -> list[Letter]:
        """Take what may be marked as sending now, by the room there is and the pace."""
        room = IN_FLIGHT * self.connections.open - self.in_flight
        chosen: list[Letter] = []
        kept: list[Letter] = []
        prepared = self.filler.prepared
        while prepared and len(chosen) < room:
            letter = prepared.popleft()
            (chosen if self.pace.take(domain_of(letter.delivery.email), now) else kept).append(
                letter
            )
        prepared.extendleft(reversed(kept))
        return chosen

    async def _write(self, wanted: Wanted) -> Turn:
        """Write a turn; while the database is away nothing is sent, and it is tried again."""
        # Not by the clock on the wall: that may jump.
        now = asyncio.get_running_loop().time
        since, at = now(), self.clock()
        while True:
            try:
                # At the same time again: a commit may have been made although its answer was lost.
                return await self._in_writer(lambda: self.journal.turn(wanted, at))
            except StoreError as error:
                patience = self.route.patience_at_end if self.stop.is_set() else self.route.patience
                if not error.passing or now() - since > patience.total_seconds():
                    raise
                await asyncio.sleep(min(1.0, patience.total_seconds() / 5))

    def _take_over(self, wanted: Wanted, turn: Turn) -> None:
        """Hand on what the turn has written."""
        if wanted.begin:
            begun = set(turn.begun)
            for letter in self.begun:
                if (
                    letter.delivery.id not in begun
                ):  # paused meanwhile, or taken over by another process
                    self.surplus.append(letter.delivery.id)
                    continue
                begun.discard(
                    letter.delivery.id
                )  # a row that was taken over and came back may be here twice
                self.in_flight += 1
                if letter.parts:
                    self.connections.ready.put_nowait(letter)
                else:
                    self.results.append(
                        refused_result(
                            letter.delivery,
                            "the address or a link of this reader can't be written into a message",
                        )
                    )
        self.filler.fill(self._held(turn.claimed) if self.pace.domains else turn.claimed)

    def _held(self, claimed: Sequence[Delivery]) -> list[Delivery]:
        """Return the rows that may wait here for their domain's pace.

        The others go back, so that they stand in nobody's way.
        """
        held = [delivery for delivery in claimed if self.pace.hold(domain_of(delivery.email))]
        kept = {delivery.id for delivery in held}
        self.surplus += [delivery.id for delivery in claimed if delivery.id not in kept]
        return held

    async def _more_later(self) -> bool:
        """Say whether it is worth waiting for a deferred row, or for the pace.

        Wait a little if it is.
        """
        progress = await self._in_writer(self.journal.progress)
        if progress.counts[DeliveryState.planned] or (
            progress.counts[DeliveryState.claimed]
            and await self._in_writer(lambda: self.journal.let_go(self.clock()))
        ):
            # Rows of domains that get nothing now, or readers who came back to planned.
            await self._pause(
                max(0.01, min(self.pace.wait(asyncio.get_running_loop().time()), LOOK))
            )
            return True
        if progress.next_due is None:
            return False
        now = self.clock()
        self.deadline = self.deadline or now + self.wait
        if progress.next_due > self.deadline:
            return False
        await self._pause(min(1.0, max(0.01, (progress.next_due - now).total_seconds())))
        return True

    def _put_back_ready(self) -> None:
        """Take back what is marked as sending and hasn't been handed to a connection."""
        ready = self.connections.ready
        while not ready.empty():
            letter = ready.get_nowait()
            outcome = Outcome(kind=OutcomeKind.ours, reply="not sent yet")
            self.results.append(
                Result(
                    id=letter.delivery.id, state=DeliveryState.planned, due=None, outcome=outcome
                )
            )

    async def _pause(self, seconds: float) -> None:
        """Wait until something happens, or for so long."""
        if self.pace.rate or self.pace.domains:
            seconds = min(
                seconds, max(0.005, self.pace.wait(asyncio.get_running_loop().time()) or seconds)
            )
        try:
            async with asyncio.timeout(seconds):
                await self.wake.wait()
        except TimeoutError:
            return
        finally:
            self.wake.clear()

    # What became of them

    def _told(self, letter: Letter, outcome: Outcome) -> None:
        """Take what became of a letter."""
        now = self.clock()
        delivery = letter.delivery
        outcome = self.breaker.judge(outcome, delivery.email)
        step = next_step(
            outcome, delivery.attempts + 1, delivery.first_tried or now, now, self.chance.random()
        )
        self.results.append(Result(id=delivery.id, state=step.state, due=step.due, outcome=outcome))
        if outcome.kind is OutcomeKind.ours:
            self.fault = outcome
            self.wake.set()
        self._stir()

    async def _give_up(self, error: ServerError) -> None:
        """Pause the issue: no server can be reached."""
        await self._in_writer(lambda: self.journal.pause(error.say(self.journal.language)))

    # Progress

    async def _report(self) -> None:
        """Tell how far it is, twice a second where counting is quick."""
        loop = asyncio.get_running_loop()
        before: tuple[float, int] | None = None
        while True:
            started = loop.time()
            progress = await asyncio.to_thread(self.journal.progress)
            accepted, now = progress.counts[DeliveryState.accepted], loop.time()
            rate = (accepted - before[1]) / (now - before[0]) if before else 0.0
            before = now, accepted
            self.report(Progress(counts=progress.counts, rate=rate, next_due=progress.next_due))
            await asyncio.sleep(max(0.5, 20 * (now - started)))

    async def _in_writer(self, call: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self.writer, call)
