"""What the runs say: medians, ratios within a round, and whether the bars are reached.

Plain functions over values.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.delivery.measure import Sample
from benchmarks.delivery.plan import (
    BARS,
    FEW,
    JOURNAL,
    LIMIT,
    LONGEST_FREEZE,
    MOST_CPU,
    MOST_GROWTH,
    MOST_MEMORY,
    MOST_MORE_MEMORY,
    Series,
)
from benchmarks.delivery.scale import Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Smallest, middle and largest of some values."""

    least: float
    median: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A measure beside its bar."""

    measure: str
    bar: str
    found: Spread
    #: How a value is written: "{:.2f} ×".
    form: str
    reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """All of one run of the bench.

    For each series, its senders' samples in the order of the rounds.
    """

    series: dict[str, dict[str, list[Sample]]]
    scale: Scale | None = None
    #: What it ran on and against: name → words.
    circumstances: dict[str, str]


def spread(values: Sequence[float]) -> Spread:
    """Return smallest, middle and largest."""
    return Spread(least=min(values), median=statistics.median(values), most=max(values))


def ratios(samples: dict[str, list[Sample]], ours: str, other: str) -> list[float]:
    """Return how many times faster one is than another, round by round."""
    return [one.rate / two.rate for one, two in zip(samples[ours], samples[other], strict=True)]


def verdicts(results: Results) -> list[Verdict]:
    """Compare with the bars; what wasn't measured isn't there."""
    found: list[Verdict] = []
    for bar in BARS:
        samples = results.series.get(bar.series, {})
        if bar.ours in samples and bar.other in samples:
            times = spread(ratios(samples, bar.ours, bar.other))
            reached = times.median >= bar.least
            found.append(
                Verdict(
                    measure=bar.measure,
                    bar=f"≥ {bar.least:g} ×",
                    found=times,
                    form="{:.2f} ×",
                    reached=reached,
                )
            )
    return [*found, *_cpu(results), *_scale(results)]


def _cpu(results: Results) -> list[Verdict]:
    samples = results.series.get("wire", {})
    if not {JOURNAL.name, LIMIT.name} <= samples.keys():
        return []
    theirs = spread([one.cpu_us for one in samples[LIMIT.name]]).median
    ours = spread([one.cpu_us for one in samples[JOURNAL.name]])
    bar = f"≤ {MOST_CPU * theirs:.0f} µs (200 where smtp-source takes 70; here {theirs:.0f})"
    measure = "CPU a message, journal, no DKIM"
    return [
        Verdict(
            measure=measure,
            bar=bar,
            found=ours,
            form="{:.0f} µs",
            reached=ours.median <= MOST_CPU * theirs,
        )
    ]


def _scale(results: Results) -> list[Verdict]:
    if results.scale is None:
        return []
    few, many = results.scale.few, results.scale.many
    memory = spread([one.memory for one in few])
    more = spread([many.memory - one.memory for one in few])
    growth = spread([one.rate / many.rate for one in few])
    freeze = spread([many.frozen])
    there = f"{many.sent:,} readers".replace(",", " ")
    rows: list[tuple[str, Spread, str, str, float]] = [
        (f"memory at {FEW:,} readers".replace(",", " "), memory, "{:.0f}", " MB", MOST_MEMORY),
        (f"memory at {there}, more than that", more, "{:.1f}", " MB", MOST_MORE_MEMORY),
        (f"time a message at {there}", growth, "{:.2f}", " ×", MOST_GROWTH),
        (f"start of a send to {there}", freeze, "{:.1f}", " s", LONGEST_FREEZE),
    ]
    return [
        Verdict(
            measure=measure,
            bar=f"≤ {bar:g}{unit}",
            found=found,
            form=form + unit,
            reached=found.median <= bar,
        )
        for measure, found, form, unit, bar in rows
    ]


def reference(series: Series) -> str:
    """Return the name of the sender that the others of a series are compared with."""
    return series.senders[0].name
