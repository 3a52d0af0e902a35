"""What a hundred times the readers cost: memory, time a message, and the start of a send.

    a few short sends | one long | a few short sends

so that a machine that grows slower is seen on both sides.

Into a sink that only reads, so that the sender is what is measured.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from benchmarks.delivery import measure, servers
from benchmarks.delivery.measure import Sample
from benchmarks.delivery.plan import FEW_READERS, JOURNAL
from benchmarks.delivery.programs import BenchmarkSetup


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Sends to few and to many."""

    few: Sequence[Sample]
    many: Sample


def measure_scale(
    bench: BenchmarkSetup, many: int, rounds: int, say: Callable[[str], None]
) -> Scale:
    """Measure both."""
    few: list[Sample] = []
    with servers.run_own_sink() as port:
        few += [
            measure.run_sender(bench, replace(JOURNAL, count=FEW_READERS), port)
            for _ in range(rounds)
        ]
        say(f"  {FEW_READERS:,} readers: {few[-1].rate:,.0f} a second; now {many:,}")
        long = measure.run_sender(bench, replace(JOURNAL, count=many), port)
        say(
            f"  {many:,} readers: {long.rate:,.0f} a second, {long.memory:.0f} MB, frozen in"
            f" {long.frozen:.1f} s"
        )
        few += [
            measure.run_sender(bench, replace(JOURNAL, count=FEW_READERS), port)
            for _ in range(rounds)
        ]
    return Scale(few=few, many=long)
