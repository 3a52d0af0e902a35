"""Send an issue.

    writer:        claim → personalise and sign → `sending` on disk → ready          results → disk
    connections:                                            ready → transmit → next_step → results

One writer writes everything in group commits. At most four rows a connection are between `sending`
and their result, so that is what a crash can leave unknown. When it is told to stop, what is under
way is finished and the rest put back.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from newsletter.delivery.circuit_breaker import RefusalBreaker
from newsletter.delivery.connection_pool import POLL_SECONDS, ConnectionPool
from newsletter.delivery.journal_batch import (
    JournalBatch,
    JournalCommit,
    JournalWriter,
    build_refused_result,
)
from newsletter.delivery.outgoing_message import OutgoingMessage
from newsletter.delivery.personalise import MessageBuilder
from newsletter.delivery.rate_limit import RateLimiter
from newsletter.delivery.relays import RelaySelector
from newsletter.delivery.retry import next_step
from newsletter.delivery.send_options import SendResult, SendRun
from newsletter.domain.delivery import (
    Delivery,
    DeliveryId,
    DeliveryState,
    Outcome,
    OutcomeKind,
    SendProgress,
)
from newsletter.errors import ServerError, StoreError
from newsletter.mail.address import get_domain
from newsletter.mail.compile import CompiledIssue
from newsletter.store.journal import DeliveryResult

_T = TypeVar("_T")

#: Rows a connection between `sending` and their result.
IN_FLIGHT_PER_CONNECTION = 4
#: Rows a connection that are claimed and filled ahead.
PREFETCH_PER_CONNECTION = 8
#: Seconds that a result waits for others at most, so that they are written together while the
#: connections have enough to do.
COMMIT_DELAY_SECONDS = 0.01


class IssueSender:
    """One run over the open rows of one issue."""

    def __init__(self, journal: JournalWriter, compiled: CompiledIssue, run: SendRun) -> None:
        options = run.options
        self.journal, self.options = journal, options
        self.clock, self.on_progress, self.max_wait = run.clock, run.on_progress, run.wait
        self.stop = run.stop
        self.rate_limiter = RateLimiter(rate=options.rate, domain_rates=options.domain_rates)
        self.breaker = RefusalBreaker()
        self.wake_event = asyncio.Event()
        self.builder = MessageBuilder(compiled, options, clock=run.clock, events=self)
        self.relays = RelaySelector((options.relay, *options.fallback_relays))
        self.pool = ConnectionPool(self.relays, self, options.outage_timeout)
        self.surplus_ids: list[DeliveryId] = []
        self.in_flight = 0
        self.results: list[DeliveryResult] = []
        self.fault: Outcome | None = None
        self.begin_requested: list[OutgoingMessage] = []
        self.deferred_deadline: datetime | None = None
        self.rng = random.Random()  # noqa: S311  # jitter, not a secret
        self.writer_thread = ThreadPoolExecutor(1, "journal")

    async def run(self) -> SendResult:
        """Send what is due until nothing is, the issue pauses, or `stop` is set.

        Raises StoreError where the database stays away, ServerError where the server does and
        nothing was under way.
        """
        self.tasks = [*self.pool.start(), asyncio.create_task(self._report_progress())]
        try:
            await self._run_writer_loop()
            state = await self._run_in_writer(lambda: self.journal.finish_issue(self.clock()))
            progress = await self._run_in_writer(self.journal.get_progress)
        finally:
            self.pool.stop()
            for task in self.tasks:
                task.cancel()
            await asyncio.gather(*self.tasks, return_exceptions=True)
            await self.pool.close()
            self.writer_thread.shutdown()
            self.builder.close()
        self.on_progress(progress)
        return SendResult(state=state, progress=progress, was_stopped=self.stop.is_set())

    # The writer

    async def _run_writer_loop(self) -> None:
        """Commit batch after batch, until there is nothing to do or no more may be done."""
        going = True
        while going or self._is_busy():
            self._raise_task_errors()
            going = going and not self.stop.is_set()
            if not going:
                self.pool.stop()
                self._put_back_ready()
            batch = self._build_batch(going)
            commit = await self._commit_batch(batch)
            going = going and commit.is_sending
            self._apply_commit(batch, commit)
            if going and not (commit.claimed_deliveries or commit.begun_ids or self._is_busy()):
                going = await self._wait_for_due()
            elif not (self.results and self._is_starved()):
                await self._wait_for_wake(COMMIT_DELAY_SECONDS if self.results else POLL_SECONDS)

    def _raise_task_errors(self) -> None:
        """Raise what went wrong in a task.

        A mistake in the program, or the database when progress is counted.
        """
        for task in self.tasks:
            if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                raise error
        for error in self.builder.collect_failures():
            raise error

    def _is_busy(self) -> bool:
        return bool(
            self.in_flight
            or self.builder.prepared
            or self.builder.pending_count
            or self.results
            or self.surplus_ids
        )

    def _is_starved(self) -> bool:
        """Return True if connections run out of messages.

        A commit costs a wait for the disk, so none is made for a few rows.
        """
        return self.pool.ready.qsize() <= self.pool.open_count // 2

    def _wake_if_starved(self) -> None:
        """Wake the writer if it is time."""
        if self._is_starved():
            self.wake_event.set()

    def _build_batch(self, should_claim: bool) -> JournalBatch:
        """Gather what is to be written now."""
        results, self.results = self.results, []
        gone, self.breaker.dead_addresses = self.breaker.dead_addresses, []
        fault, self.fault = self.fault, None
        surplus, self.surplus_ids = self.surplus_ids, []
        self.in_flight -= len(results)
        if not should_claim:
            release = [*surplus, *(message.delivery.id for message in self.builder.take_all())]
            return JournalBatch(
                results=results, dead_addresses=gone, fault=fault, release_ids=release
            )
        now = asyncio.get_running_loop().time()
        self.begin_requested = self._take_startable(now)
        most = self.rate_limiter.limit_prefetch(
            PREFETCH_PER_CONNECTION * self.relays.max_connections
        )
        room = most - len(self.builder.prepared) - self.builder.pending_count
        return JournalBatch(
            results=results,
            dead_addresses=gone,
            fault=fault,
            begin_ids=[message.delivery.id for message in self.begin_requested],
            release_ids=surplus,
            claim_limit=room if room > most // 2 else 0,
            excluded_domains=self.rate_limiter.list_saturated_domains(now),
        )

    def _take_startable(self, now: float) -> list[OutgoingMessage]:
        """Take what may be marked as sending now, by the room there is and the rate."""
        room = IN_FLIGHT_PER_CONNECTION * self.pool.open_count - self.in_flight
        chosen: list[OutgoingMessage] = []
        kept: list[OutgoingMessage] = []
        prepared = self.builder.prepared
        while prepared and len(chosen) < room:
            message = prepared.popleft()
            (
                chosen
                if self.rate_limiter.try_acquire(get_domain(message.delivery.email), now)
                else kept
            ).append(message)
        prepared.extendleft(reversed(kept))
        return chosen

    async def _commit_batch(self, batch: JournalBatch) -> JournalCommit:
        """Commit a batch; while the database is away nothing is sent, and it is tried again."""
        # Not by the clock on the wall: that may jump.
        now = asyncio.get_running_loop().time
        since, at = now(), self.clock()
        while True:
            try:
                # At the same time again: a commit may have been made although its answer was lost.
                return await self._run_in_writer(lambda: self.journal.commit(batch, at))
            except StoreError as error:
                timeout = (
                    self.options.stopping_timeout
                    if self.stop.is_set()
                    else self.options.outage_timeout
                )
                if not error.is_transient or now() - since > timeout.total_seconds():
                    raise
                await asyncio.sleep(min(1.0, timeout.total_seconds() / 5))

    def _apply_commit(self, batch: JournalBatch, commit: JournalCommit) -> None:
        """Hand on what the commit has written."""
        if batch.begin_ids:
            begun = set(commit.begun_ids)
            for message in self.begin_requested:
                # Paused meanwhile, or taken over by another process.
                if message.delivery.id not in begun:
                    self.surplus_ids.append(message.delivery.id)
                    continue
                # A row that was taken over and came back may be here twice.
                begun.discard(message.delivery.id)
                self.in_flight += 1
                if message.parts:
                    self.pool.ready.put_nowait(message)
                else:
                    self.results.append(
                        build_refused_result(
                            message.delivery,
                            "the address or a link of this reader can't be written into a message",
                        )
                    )
        self.builder.build(
            self._reserve_slots(commit.claimed_deliveries)
            if self.rate_limiter.domain_rates
            else commit.claimed_deliveries
        )

    def _reserve_slots(self, claimed: Sequence[Delivery]) -> list[Delivery]:
        """Return the rows that may wait here for their domain's pace.

        The others go back, so that they stand in nobody's way.
        """
        held = [
            delivery
            for delivery in claimed
            if self.rate_limiter.try_reserve(get_domain(delivery.email))
        ]
        kept = {delivery.id for delivery in held}
        self.surplus_ids += [delivery.id for delivery in claimed if delivery.id not in kept]
        return held

    async def _wait_for_due(self) -> bool:
        """Wait a little for a deferred row or for the rate; return False if that isn't worth it."""
        progress = await self._run_in_writer(self.journal.get_progress)
        if progress.counts[DeliveryState.planned] or (
            progress.counts[DeliveryState.claimed]
            and await self._run_in_writer(lambda: self.journal.release_all(self.clock()))
        ):
            # Rows of domains that get nothing now, or readers who came back to planned.
            await self._wait_for_wake(
                max(
                    0.01,
                    min(
                        self.rate_limiter.get_delay(asyncio.get_running_loop().time()), POLL_SECONDS
                    ),
                )
            )
            return True
        if progress.next_due is None:
            return False
        now = self.clock()
        self.deferred_deadline = self.deferred_deadline or now + self.max_wait
        if progress.next_due > self.deferred_deadline:
            return False
        await self._wait_for_wake(min(1.0, max(0.01, (progress.next_due - now).total_seconds())))
        return True

    def _put_back_ready(self) -> None:
        """Take back what is marked as sending and hasn't been handed to a connection."""
        ready = self.pool.ready
        while not ready.empty():
            message = ready.get_nowait()
            outcome = Outcome(kind=OutcomeKind.our_fault, reply="not sent yet")
            self.results.append(
                DeliveryResult(
                    id=message.delivery.id, state=DeliveryState.planned, due=None, outcome=outcome
                )
            )

    async def _wait_for_wake(self, seconds: float) -> None:
        """Wait until something happens, or for so long."""
        if self.rate_limiter.rate or self.rate_limiter.domain_rates:
            seconds = min(
                seconds,
                max(
                    0.005, self.rate_limiter.get_delay(asyncio.get_running_loop().time()) or seconds
                ),
            )
        try:
            async with asyncio.timeout(seconds):
                await self.wake_event.wait()
        except TimeoutError:
            return
        finally:
            self.wake_event.clear()

    # Events: what the message builder and the connection pool ask and tell

    def count_unsent(self) -> int:
        """Return how many messages there are to send."""
        return len(self.builder.prepared) + self.in_flight

    def on_messages_built(self) -> None:
        """Wake whoever waits for messages."""
        self.pool.notify()
        self._wake_if_starved()

    def on_connection_opened(self) -> None:
        """Wake the writer: more rows may be begun."""
        self.wake_event.set()

    def on_result(self, message: OutgoingMessage, outcome: Outcome) -> None:
        """Take what became of a message."""
        now = self.clock()
        delivery = message.delivery
        outcome = self.breaker.check(outcome, delivery.email)
        step = next_step(
            outcome, delivery.attempts + 1, delivery.first_tried or now, now, self.rng.random()
        )
        self.results.append(
            DeliveryResult(id=delivery.id, state=step.state, due=step.due, outcome=outcome)
        )
        if outcome.kind is OutcomeKind.our_fault:
            self.fault = outcome
            self.wake_event.set()
        self._wake_if_starved()

    async def on_outage(self, error: ServerError) -> None:
        """Pause the issue: no relay can be reached."""
        await self._run_in_writer(
            lambda: self.journal.pause_issue(error.translate(self.journal.language))
        )

    # Progress

    async def _report_progress(self) -> None:
        """Tell how far it is, twice a second where counting is quick."""
        loop = asyncio.get_running_loop()
        before: tuple[float, int] | None = None
        while True:
            started = loop.time()
            progress = await asyncio.to_thread(self.journal.get_progress)
            accepted, now = progress.counts[DeliveryState.accepted], loop.time()
            rate = (accepted - before[1]) / (now - before[0]) if before else 0.0
            before = now, accepted
            self.on_progress(
                SendProgress(counts=progress.counts, rate=rate, next_due=progress.next_due)
            )
            await asyncio.sleep(max(0.5, 20 * (now - started)))

    async def _run_in_writer(self, call: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self.writer_thread, call)
