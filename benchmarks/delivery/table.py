"""The results as a page of Markdown."""

from itertools import pairwise

from benchmarks.delivery.measure import Sample
from benchmarks.delivery.plan import SERIES, Series
from benchmarks.delivery.results import (
    Results,
    Spread,
    compute_ratios,
    compute_spread,
    compute_verdicts,
    find_reference,
)

_INTRO = """# How fast letters go out

![Messages a second]({plot})

Written by `make bench`. {circumstances}

A message has 50 kB as it is sent: 46 kB of HTML and 3 kB of text, quoted-printable. Every sender
is a whole process that sends to the same server on the same machine; they take turns, forwards
and backwards, {rounds} rounds. Counted is from the first connection to the end, after the
program's modules are loaded; CPU is the sender's own. smtp-source is Postfix's load generator,
written in C: it sends the same bytes again and again, and is the limit. newsletter sends by its
engine as `newsletter send` does: every message is written to the journal on disk before and after
it goes, with SQLite's `synchronous=FULL`.
"""


def render_page(results: Results, plot: str) -> str:
    """Write the page; `plot` is the address of the picture."""
    rounds = max(
        len(samples) for senders in results.series.values() for samples in senders.values()
    )
    said = "; ".join(f"{name}: {words}" for name, words in results.circumstances.items())
    parts = [
        _INTRO.format(plot=plot, circumstances=said + ".", rounds=rounds),
        _render_bars(results),
    ]
    parts += [
        _render_series(one, results.series[one.name])
        for one in SERIES
        if one.name in results.series
    ]
    if results.scale is not None:
        parts.append(_render_scale(results))
    return "\n".join(parts)


def _render_bars(results: Results) -> str:
    lines = [
        "## What it must reach",
        "",
        "| measure | bar | smallest | median | largest | |",
        "|---|---|--:|--:|--:|---|",
    ]
    for one in compute_verdicts(results):
        found = " | ".join(
            one.form.format(value) for value in (one.found.least, one.found.median, one.found.most)
        )
        lines.append(
            f"| {one.measure} | {one.bar} | {found} |"
            f" {'reached' if one.reached else '**missed**'} |"
        )
    return "\n".join([*lines, ""])


def _render_series(series: Series, samples: dict[str, list[Sample]]) -> str:
    first = find_reference(series)
    head = (
        f"| sender | messages a second | smallest – largest | against {first} | CPU a message |"
        " peak memory |"
    )
    lines = [f"## {series.title}", ""]
    if series.latency_ms:
        most = format_number(
            1000 / series.latency_ms * max(sender.connections for sender in series.senders)
        )
        lines += [
            (
                "A message can't take less than one round trip of its connection where the server"
                f" must allow it (DATA): {most} a second."
            ),
            "",
        ]
    lines += [head, "|---|--:|--:|--:|--:|--:|"]
    for name, ones in samples.items():
        rate, cpu = (
            compute_spread([one.rate for one in ones]),
            compute_spread([one.cpu_us for one in ones]),
        )
        against = compute_spread(compute_ratios(samples, name, first)) if first in samples else None
        beside = (
            ""
            if against is None or name == first
            else f"{against.median:.2f} × ({against.least:.2f}–{against.most:.2f})"
        )
        shown = f"**{name}**" if name.startswith("newsletter") else name
        memory = max(one.memory for one in ones)
        lines.append(
            f"| {shown} | {format_number(rate.median)} | {_format_range(rate)} | {beside} |"
            f" {format_number(cpu.median)} µs | {memory:.0f} MB |"
        )
    return "\n".join([*lines, ""])


def _render_scale(results: Results) -> str:
    assert results.scale is not None
    few, many = results.scale.few, results.scale.many
    lines = [
        "## A hundred times the readers",
        "",
        "| readers | messages a second | CPU a message | peak memory | freezing the audience |",
    ]
    lines.append("|--:|--:|--:|--:|--:|")
    for ones in (few, [many]):
        rate, cpu, memory, frozen = (
            compute_spread([getattr(one, measure) for one in ones]).median
            for measure in ("rate", "cpu_us", "memory", "frozen")
        )
        lines.append(
            f"| {format_number(ones[0].sent)} | {format_number(rate)} | {format_number(cpu)} µs |"
            f" {memory:.0f} MB | {frozen:.2f} s |"
        )
    tenths = _compute_tenths(many)
    if tenths:
        course = ", ".join(format_number(rate) for rate in tenths)
        lines += [
            "",
            f"The long send in its course, messages a second in each tenth of the time: {course}.",
        ]
    return "\n".join([*lines, ""])


def _compute_tenths(sample: Sample) -> list[float]:
    """Return the rate in each tenth of a send, as far as it was told."""
    points = [(0.0, 0), *sample.course]
    marks = [sample.seconds * tenth / 10 for tenth in range(11)]
    near = [min((abs(point[0] - mark), point) for point in points)[1] for mark in marks]
    steps = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(near)]
    return [count / seconds for seconds, count in steps if seconds > sample.seconds / 40]


def format_number(value: float) -> str:
    """Write a number with thin spaces between thousands."""
    return f"{value:,.0f}".replace(",", "\u202f")


def _format_range(values: Spread) -> str:
    return f"{format_number(values.least)}–{format_number(values.most)}"
