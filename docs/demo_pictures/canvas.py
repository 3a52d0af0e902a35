"""A sheet to paint flat landscapes on: sky, hills, trees, houses, light.

Coordinates are those of the finished picture; everything is drawn three times as large and shrunk,
for smooth edges.
"""

import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT, SCALE = 1200, 675, 3

Point = tuple[float, float]


def mix(one: str, other: str, share: float) -> str:
    """Return the colour that lies `share` (0–1) of the way from one to the other."""
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


class Canvas:
    """A sheet to paint on, with a sky already on it."""

    def __init__(
        self, top: str, bottom: str, *, seed: int, width: int = WIDTH, height: int = HEIGHT
    ) -> None:
        self.width, self.height = width, height
        self.random = random.Random(seed)  # noqa: S311  # the same picture every time
        self.image = Image.new("RGB", (width * SCALE, height * SCALE))
        self.draw = ImageDraw.Draw(self.image)
        for row in range(height * SCALE):
            self.draw.line(
                [(0, row), (width * SCALE, row)],
                fill=mix(top, bottom, min(1, row / (height * SCALE * 0.72))),
            )

    def area(self, points: Sequence[Point], fill: str) -> None:
        """Paint what the points enclose."""
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def box(
        self, x: float, y: float, wide: float, high: float, fill: str, *, round_: float = 0
    ) -> None:
        """Paint a rectangle from its upper left corner."""
        corners = (x * SCALE, y * SCALE, (x + wide) * SCALE - 1, (y + high) * SCALE - 1)
        self.draw.rounded_rectangle(corners, radius=round_ * SCALE, fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        """Paint a circle around a point."""
        self.draw.ellipse(
            [(v) * SCALE for v in (x - radius, y - radius, x + radius, y + radius)], fill=fill
        )

    def ring(self, x: float, y: float, radius: float, fill: str, *, wide: float) -> None:
        """Paint a circle's line."""
        self.draw.ellipse(
            [(v) * SCALE for v in (x - radius, y - radius, x + radius, y + radius)],
            outline=fill,
            width=round(wide * SCALE),
        )

    def line(self, points: Sequence[Point], fill: str, *, wide: float) -> None:
        """Paint a line through the points, its ends and bends round."""
        self.draw.line(
            [(x * SCALE, y * SCALE) for x, y in points],
            fill=fill,
            width=round(wide * SCALE),
            joint="curve",
        )
        for x, y in (points[0], points[-1]):
            self.disc(x, y, wide / 2, fill)

    def glow(self, x: float, y: float, radius: float, fill: str, *, strength: float = 0.5) -> None:
        """Let a soft light shine around a point."""
        small = 8
        mask = Image.new("L", (self.width // small, self.height // small))
        ImageDraw.Draw(mask).ellipse(
            [v / small for v in (x - radius, y - radius, x + radius, y + radius)],
            fill=round(255 * strength),
        )
        mask = mask.filter(ImageFilter.GaussianBlur(radius / small / 2)).resize(
            self.image.size, Image.Resampling.BICUBIC
        )
        self.image.paste(Image.new("RGB", self.image.size, fill), mask=mask)

    def hills(
        self, base: float, swing: float, fill: str, *, waves: float = 2.0
    ) -> Callable[[float], float]:
        """Paint a soft ridge across the sheet; return its height at x."""
        parts = [
            (swing / (1 + n * 0.9), waves * (1 + n * 0.83), self.random.uniform(0, math.tau))
            for n in range(3)
        ]

        def at(x: float) -> float:
            return (
                base
                + sum(
                    high * math.sin(math.tau * count * x / self.width + turn)
                    for high, count, turn in parts
                )
                / 2
            )

        self.area(
            [(x, at(x)) for x in range(0, self.width + 1, 4)]
            + [(self.width, self.height), (0, self.height)],
            fill,
        )
        return at

    def spruce(self, x: float, foot: float, high: float, fill: str) -> None:
        """Plant a spruce."""
        self.box(
            x - high * 0.03,
            foot - high * 0.12,
            high * 0.06,
            high * 0.13,
            mix(fill, "#2b1d16", 0.25),
        )
        for n, (low, top, wide) in enumerate(
            ((0.08, 0.5, 0.25), (0.3, 0.75, 0.2), (0.55, 1.0, 0.14))
        ):
            self.area(
                [
                    (x - high * wide, foot - high * low),
                    (x, foot - high * top),
                    (x + high * wide, foot - high * low),
                ],
                mix(fill, "#ffffff", n * 0.025),
            )

    def spruces(
        self,
        at: Callable[[float], float],
        count: int,
        sizes: tuple[float, float],
        fill: str,
        *,
        sink: float = 6,
    ) -> None:
        """Plant a forest along a ridge."""
        places = [
            (self.random.uniform(-20, self.width + 20), self.random.uniform(0, 10))
            for _ in range(count)
        ]
        for x, lower in sorted(places, key=lambda place: at(place[0]) + place[1]):
            self.spruce(x, at(x) + sink + lower, self.random.uniform(*sizes), fill)

    def birch(self, x: float, foot: float, high: float, fill: str) -> None:
        """Plant a tree with a round crown."""
        self.line([(x, foot), (x, foot - high * 0.7)], "#e9e2d4", wide=high * 0.05)
        for dx, dy, size in ((0, 0.78, 0.24), (-0.13, 0.62, 0.18), (0.13, 0.6, 0.19)):
            self.disc(x + dx * high, foot - dy * high, size * high, fill)
        self.disc(x - 0.05 * high, foot - 0.82 * high, 0.13 * high, mix(fill, "#ffffff", 0.12))

    def house(
        self,
        x: float,
        foot: float,
        wide: float,
        high: float,
        *,
        wall: str,
        roof: str,
        pane: str = "#ffe9b0",
    ) -> None:
        """Build a cottage with a gable roof, two windows and a door."""
        self.box(x, foot - high, wide, high, wall)
        self.area(
            [
                (x - wide * 0.09, foot - high),
                (x + wide / 2, foot - high * 1.75),
                (x + wide * 1.09, foot - high),
            ],
            roof,
        )
        self.box(x + wide * 0.42, foot - high * 0.6, wide * 0.17, high * 0.6, "#f7f0e3")
        for left in (0.12, 0.71):
            self.box(
                x + wide * left - 2,
                foot - high * 0.68 - 2,
                wide * 0.17 + 4,
                high * 0.36 + 4,
                "#f7f0e3",
            )
            self.box(x + wide * left, foot - high * 0.68, wide * 0.17, high * 0.36, pane)

    def tower_blocks(
        self,
        foot: float,
        sizes: tuple[float, float],
        wall: str,
        pane: str | None,
        *,
        widths: tuple[float, float] = (46, 92),
    ) -> None:
        """Build a row of houses across the sheet."""
        x = -20.0
        while x < self.width:
            wide, high = self.random.uniform(*widths), self.random.uniform(*sizes)
            tone = mix(wall, "#ffffff", self.random.uniform(0, 0.07))
            self.box(x, foot - high, wide, high + self.height, tone)
            if self.random.random() < 0.28:
                self.area(
                    [
                        (x, foot - high),
                        (x + wide / 2, foot - high - wide * 0.55),
                        (x + wide, foot - high),
                    ],
                    tone,
                )
            if pane:
                self._panes(x, foot - high, wide, high, pane)
            x += wide + self.random.choice((0, 4, 9))

    def _panes(self, x: float, y: float, wide: float, high: float, pane: str) -> None:
        columns = int(wide // 18)
        gap = wide / (columns + 0.5)
        for row in range(int((high - 16) // 26)):
            for column in range(columns):
                if self.random.random() < 0.55:
                    self.box(x + gap * (column + 0.5), y + 16 + row * 26, 8, 13, pane)

    def water(self, top: float, upper: str, lower: str, *, shine: str | None = None) -> None:
        """Fill the lower part with water, with a few lines of light."""
        for row in range(int(top), self.height):
            self.box(0, row, self.width, 1, mix(upper, lower, (row - top) / (self.height - top)))
        for _ in range(46 if shine else 0):
            y = self.random.uniform(top + 8, self.height - 8)
            wide = self.random.uniform(20, 40 + (y - top) * 0.6)
            self.box(
                self.random.uniform(-40, self.width),
                y,
                wide,
                2.4,
                mix(mix(upper, lower, 0.5), shine or upper, 0.35),
                round_=1.2,
            )

    def birds(self, *places: Point, fill: str) -> None:
        """Let a few birds fly."""
        for x, y in places:
            self.line(
                [(x - 13, y - 6), (x - 5, y - 8), (x, y), (x + 5, y - 8), (x + 13, y - 6)],
                fill,
                wide=2.4,
            )

    def cloud(self, x: float, y: float, size: float, fill: str) -> None:
        """Hang a flat cloud in the sky."""
        self.box(x - size, y - size * 0.1, size * 2, size * 0.32, fill, round_=size * 0.16)
        for dx, dy, radius in ((-0.42, -0.08, 0.3), (0.08, -0.2, 0.42), (0.52, -0.04, 0.25)):
            self.disc(x + dx * size, y + dy * size, radius * size, fill)

    def save(self, path: Path) -> None:
        """Shrink to size and write as PNG, or as a JPEG of less than 60 kB."""
        small = self.image.resize((self.width, self.height), Image.Resampling.LANCZOS)
        if path.suffix == ".png":
            small.save(path, optimize=True)
            return
        for quality in range(86, 40, -4):
            small.save(path, quality=quality, optimize=True, progressive=True)
            if path.stat().st_size < 60_000:
                return


def rounded(path: Path, radius: int) -> None:
    """Cut a picture's corners round."""
    with Image.open(path) as opened:
        picture = opened.convert("RGBA")
    mask = Image.new("L", (picture.width * 4, picture.height * 4))
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, mask.width - 1, mask.height - 1), radius=radius * 4, fill=255
    )
    picture.putalpha(mask.resize(picture.size, Image.Resampling.LANCZOS))
    picture.save(path, optimize=True)
