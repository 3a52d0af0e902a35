"""Measure delivery: `python -m benchmarks delivery [--rounds N] [--readers N] [--quick]`.

    install peers | series: senders take turns | few and many readers
        | table and picture into docs/benchmarks

Prints each measure beside its bar, and ends with 1 where one is missed. `--quick` writes nothing.
"""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.delivery import measure, servers
from benchmarks.delivery.measure import Sample
from benchmarks.delivery.peers import Peers, install
from benchmarks.delivery.plan import MANY_READERS, SERIES, Series
from benchmarks.delivery.plot import draw_svg
from benchmarks.delivery.programs import BenchmarkSetup
from benchmarks.delivery.results import Results, compute_verdicts
from benchmarks.delivery.scale import Scale, measure_scale
from benchmarks.delivery.table import render_page

DOCS = Path(__file__).parents[2] / "docs" / "benchmarks"


def run_series(bench: BenchmarkSetup, series: Series, rounds: int) -> dict[str, list[Sample]]:
    """Let the senders take turns, forwards and backwards."""
    senders = [sender for sender in series.senders if bench.can_run(sender)]
    samples: dict[str, list[Sample]] = {sender.name: [] for sender in senders}
    with _run_server(bench, series) as port:
        for number in range(rounds):
            for sender in senders if number % 2 == 0 else reversed(senders):
                sample = measure.run_sender(bench, sender, port)
                samples[sender.name].append(sample)
                _print_now(
                    f"  {sender.name:48} {sample.rate:8,.0f}/s {sample.cpu_us:8,.0f} µs"
                    f" {sample.memory:6.0f} MB"
                )
    return samples


@contextmanager
def _run_server(bench: BenchmarkSetup, series: Series) -> Iterator[int]:
    with servers.run_own_sink() if series.own_sink else servers.run_smtp_sink(bench.peers) as port:
        if not series.latency_ms:
            yield port
            return
        with servers.run_latency_proxy(port, series.latency_ms) as near:
            yield near


def _shorten(series: Series, factor: int) -> Series:
    return replace(
        series,
        senders=tuple(replace(sender, count=sender.count // factor) for sender in series.senders),
    )


def describe_circumstances(peers: Peers) -> dict[str, str]:
    """Return what it runs on and against."""
    postfix = next(
        (file.name.split("_")[1] for file in (peers.folder / "deb").glob("postfix_*.deb")), "?"
    )
    package = peers.folder / "node_modules/nodemailer/package.json"
    nodemailer = json.loads(package.read_text())["version"] if package.is_file() else "–"
    versions = (
        'import django, importlib.metadata as m; print("Django", django.__version__ + ",'
        ' mailmerge", m.version("mailmerge"))'
    )
    python = subprocess.run(
        [str(peers.python), "-c", versions], capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        "Measured": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}",
        "machine": (
            f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}"
        ),
        "peers": (
            f"Postfix {postfix.partition('-')[0]}, nodemailer {nodemailer},"
            f" {python or 'no Django, no mailmerge'}"
        ),
    }


def print_verdicts(results: Results) -> bool:
    """Print each measure beside its bar; True: all are reached."""
    found = compute_verdicts(results)
    for one in found:
        print(
            f"{'ok ' if one.reached else 'NO '} {one.measure:56}"
            f" {one.form.format(one.found.median):>10}   {one.bar}"
        )
    return all(one.reached for one in found)


def write_results(results: Results, folder: Path) -> None:
    """Write page, picture, and the raw figures that both can be drawn from again."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "delivery.svg").write_text(draw_svg(results), encoding="utf-8")
    (folder / "delivery.md").write_text(render_page(results, "delivery.svg"), encoding="utf-8")
    (folder / "delivery.json").write_text(
        json.dumps(asdict(results), ensure_ascii=False) + "\n", encoding="utf-8"
    )


def read_results(file: Path) -> Results:
    """Read raw figures that `write` wrote."""
    raw = json.loads(file.read_text(encoding="utf-8"))
    series = {
        name: {who: [Sample(**one) for one in ones] for who, ones in senders.items()}
        for name, senders in raw["series"].items()
    }
    many = raw["scale"] and Scale(
        few=[Sample(**one) for one in raw["scale"]["few"]], many=Sample(**raw["scale"]["many"])
    )
    return Results(series=series, scale=many, circumstances=raw["circumstances"])


def _print_now(text: str) -> None:
    print(text, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Measure, write, and say by the exit code whether every bar is reached."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks delivery", description="Measure delivery beside its peers."
    )
    parser.add_argument(
        "--rounds", type=int, default=5, help="how often all senders take their turn"
    )
    parser.add_argument(
        "--readers", type=int, default=MANY_READERS, help="readers of the long send; 0: none"
    )
    parser.add_argument("--quick", action="store_true", help="short runs; nothing is written")
    parser.add_argument(
        "--only",
        choices=[series.name for series in SERIES],
        action="append",
        help="this series only; nothing is written",
    )
    parser.add_argument(
        "--redraw", action="store_true", help="measure nothing: draw the last figures again"
    )
    options = parser.parse_args(arguments)
    results = read_results(DOCS / "delivery.json") if options.redraw else _measure_all(options)
    if not (options.quick or options.only):
        write_results(results, DOCS)
    return 0 if print_verdicts(results) else 1


def _measure_all(options: argparse.Namespace) -> Results:
    peers = install()
    with tempfile.TemporaryDirectory(prefix="newsletter-bench-") as folder:
        bench = BenchmarkSetup(peers=peers, folder=Path(folder))
        bench.set_up()
        found: dict[str, dict[str, list[Sample]]] = {}
        for series in SERIES:
            if not options.only or series.name in options.only:
                _print_now(series.title)
                found[series.name] = run_series(
                    bench, _shorten(series, 4) if options.quick else series, options.rounds
                )
        readers = 0 if options.only else options.readers // 10 if options.quick else options.readers
        large = (
            measure_scale(bench, readers, max(1, options.rounds // 2), _print_now)
            if readers
            else None
        )
    return Results(series=found, scale=large, circumstances=describe_circumstances(peers))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
