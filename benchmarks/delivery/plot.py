"""The results as a picture: bars in SVG, for light and dark, drawn without any library."""

from html import escape

from benchmarks.delivery.measure import Sample
from benchmarks.delivery.plan import LAG_20, LAG_50, WIRE, Kind, Sender, Series
from benchmarks.delivery.results import Results, compute_spread
from benchmarks.delivery.table import format_number

WIDTH, LEFT, RIGHT, ROW, BAR = 960, 330, 96, 30, 16
_STYLE = """
  text { font: 14px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial,
    sans-serif; fill: #2a3338 }
  .title { font-size: 20px; font-weight: 650 }
  .part { font-weight: 650 } .quiet { fill: #5b6870; font-size: 13px }
  .name { text-anchor: end }
  .of-ours { font-weight: 650 } .value { font-variant-numeric: tabular-nums }
  .card { fill: #ffffff; stroke: #d8dee2 }
  .ours { fill: #0f7a60 } .limit { fill: #55626b } .peer { fill: #b3bdc4 }
  .spread { stroke: #2a3338; stroke-width: 1.5; opacity: .75 } .axis { stroke: #d8dee2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e4eaed } .quiet { fill: #9fadb6 }
    .card { fill: #14191c; stroke: #2c363c } .ours { fill: #3fc39c }
    .limit { fill: #aab6bd } .peer { fill: #4d5b64 }
    .spread { stroke: #e4eaed } .axis { stroke: #2c363c }
  }
"""
_HOW = (
    "Whole processes taking turns on one machine and one mail server. Bar: median of all rounds."
    " Line: smallest to largest."
)
#: Shown in the picture; the table has more.
_PARTS: tuple[tuple[Series, str], ...] = (
    (WIRE, "On loopback"),
    (LAG_20, "20 ms a reply, 50 connections each"),
    (LAG_50, "50 ms a reply, 50 connections each"),
)


def draw_svg(results: Results) -> str:
    """Draw messages a second: a bar is the median, its whisker the smallest and largest run."""
    shapes: list[str] = []
    top = 104
    for series, title in _PARTS:
        samples = results.series.get(series.name)
        if not samples:
            continue
        drawn, top = _draw_series(series, title, samples, top)
        shapes += drawn
    height = top + 6
    head = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
            f' width="{WIDTH}" height="{height}" role="img">'
        ),
        f"<title>{escape(_describe(results))}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect class="card" x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" rx="12"/>',
        '<text class="title" x="32" y="44">Messages of 50 kB a second</text>',
        f'<text class="quiet" x="32" y="68">{_HOW}</text>',
    ]
    return "\n".join([*head, *shapes, "</svg>", ""])


def _draw_series(
    series: Series, title: str, samples: dict[str, list[Sample]], top: int
) -> tuple[list[str], int]:
    """Draw the bars of one series; return them, and where the next one begins."""
    most = max(one.rate for ones in samples.values() for one in ones)
    shapes = [f'<text class="part" x="32" y="{top}">{escape(title)}</text>']
    senders = [sender for sender in series.senders if sender.name in samples]
    senders.sort(
        key=lambda sender: -compute_spread([one.rate for one in samples[sender.name]]).median
    )
    bottom = top + 16 + ROW * len(senders)
    shapes.append(f'<line class="axis" x1="{LEFT}" x2="{LEFT}" y1="{top + 12}" y2="{bottom}"/>')
    for at, sender in enumerate(senders):
        shapes += _draw_bar(
            sender, samples[sender.name], top + 16 + ROW * at, (WIDTH - LEFT - RIGHT) / most
        )
    return shapes, bottom + 38


def _draw_bar(sender: Sender, ones: list[Sample], top: int, scale: float) -> list[str]:
    found = compute_spread([one.rate for one in ones])
    kind = "ours" if sender.is_ours else "limit" if sender.kind is Kind.smtp_source else "peer"
    middle = top + ROW / 2
    end = max(found.median, found.most) * scale
    name = sender.name.removesuffix(", 50 connections").removesuffix(", 50 sessions")
    return [
        (
            f'<text class="name{" of-ours" if sender.is_ours else ""}" x="{LEFT - 12}"'
            f' y="{middle + 5}">{escape(name)}</text>'
        ),
        (
            f'<rect class="{kind}" x="{LEFT}" y="{middle - BAR / 2}"'
            f' width="{max(2, found.median * scale):.1f}" height="{BAR}" rx="2"/>'
        ),
        (
            f'<line class="spread" x1="{LEFT + found.least * scale:.1f}"'
            f' x2="{LEFT + found.most * scale:.1f}" y1="{middle}" y2="{middle}"/>'
        ),
        (
            f'<text class="value" x="{LEFT + end + 10:.1f}"'
            f' y="{middle + 5}">{format_number(found.median)}</text>'
        ),
    ]


def _describe(results: Results) -> str:
    """Say in words what the picture shows, for who can't see it."""
    parts = []
    for series, title in _PARTS:
        if samples := results.series.get(series.name):
            bars = (
                f"{name} {format_number(compute_spread([one.rate for one in ones]).median)}"
                for name, ones in samples.items()
            )
            parts.append(f"{title}: {', '.join(bars)}")
    return "Messages of 50 kB a second. " + ". ".join(parts) + "."
