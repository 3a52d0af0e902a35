"""What the runs say: medians, ratios within a round, and whether the bars are reached.

Plain functions over values.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.delivery.measure import Sample
from benchmarks.delivery.plan import (
    BARS,
    FEW_READERS,
    JOURNAL,
    MAX_CPU_RATIO,
    MAX_FREEZE_SECONDS,
    MAX_MEMORY_GROWTH_MB,
    MAX_MEMORY_MB,
    MAX_TIME_RATIO,
    SMTP_SOURCE,
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


def compute_spread(values: Sequence[float]) -> Spread:
    """Return smallest, middle and largest."""
    return Spread(least=min(values), median=statistics.median(values), most=max(values))


def compute_ratios(samples: dict[str, list[Sample]], ours: str, other: str) -> list[float]:
    """Return how many times faster one is than another, round by round."""
    return [one.rate / two.rate for one, two in zip(samples[ours], samples[other], strict=True)]


def compute_verdicts(results: Results) -> list[Verdict]:
    """Compare with the bars; what wasn't measured isn't there."""
    found: list[Verdict] = []
    for bar in BARS:
        samples = results.series.get(bar.series, {})
        if bar.ours in samples and bar.other in samples:
            times = compute_spread(compute_ratios(samples, bar.ours, bar.other))
            reached = times.median >= bar.min_ratio
            found.append(
                Verdict(
                    measure=bar.measure,
                    bar=f"≥ {bar.min_ratio:g} ×",
                    found=times,
                    form="{:.2f} ×",
                    reached=reached,
                )
            )
    return [*found, *_judge_cpu(results), *_judge_scale(results)]


def _judge_cpu(results: Results) -> list[Verdict]:
    samples = results.series.get("wire", {})
    if not {JOURNAL.name, SMTP_SOURCE.name} <= samples.keys():
        return []
    theirs = compute_spread([one.cpu_us for one in samples[SMTP_SOURCE.name]]).median
    ours = compute_spread([one.cpu_us for one in samples[JOURNAL.name]])
    bar = f"≤ {MAX_CPU_RATIO * theirs:.0f} µs (200 where smtp-source takes 70; here {theirs:.0f})"
    measure = "CPU a message, journal, no DKIM"
    return [
        Verdict(
            measure=measure,
            bar=bar,
            found=ours,
            form="{:.0f} µs",
            reached=ours.median <= MAX_CPU_RATIO * theirs,
        )
    ]


def _judge_scale(results: Results) -> list[Verdict]:
    if results.scale is None:
        return []
    few, many = results.scale.few, results.scale.many
    memory = compute_spread([one.memory for one in few])
    more = compute_spread([many.memory - one.memory for one in few])
    growth = compute_spread([one.rate / many.rate for one in few])
    freeze = compute_spread([many.frozen])
    there = f"{many.sent:,} readers".replace(",", " ")
    rows: list[tuple[str, Spread, str, str, float]] = [
        (
            f"memory at {FEW_READERS:,} readers".replace(",", " "),
            memory,
            "{:.0f}",
            " MB",
            MAX_MEMORY_MB,
        ),
        (f"memory at {there}, more than that", more, "{:.1f}", " MB", MAX_MEMORY_GROWTH_MB),
        (f"time a message at {there}", growth, "{:.2f}", " ×", MAX_TIME_RATIO),
        (f"start of a send to {there}", freeze, "{:.1f}", " s", MAX_FREEZE_SECONDS),
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


def find_reference(series: Series) -> str:
    """Return the name of the sender that the others of a series are compared with."""
    return series.senders[0].name
