"""Forests, water, fields and hills, and the mark of the authority."""

import math

from demo_pictures.canvas import SCALE, Canvas, mix


def cykel() -> Canvas:
    """Draw a bicycle beside a path along a lake."""
    c = Canvas("#f7d9c4", "#fdf1dc", seed=8)
    c.disc(930, 150, 60, "#fffaf0")
    c.hills(300, 60, "#dfb7a5", waves=1.5)
    c.hills(345, 40, "#b98f95", waves=2.2)
    c.water(380, "#e3bfae", "#9d8799", shine="#fff3e3")
    c.hills(505, 34, "#6f9472", waves=1.1)
    c.area([(0, 675), (0, 620), (420, 560), (1200, 545), (1200, 600), (640, 675)], "#ecdcc0")
    c.hills(640, 18, "#557d5d", waves=1.7)
    for x, high in ((90, 300), (210, 240), (1110, 330)):
        c.birch(x, 590, high, "#87a86b" if x != 210 else "#9db978")
    dark, warm = "#243b45", "#d9553f"
    rear, front, crank, saddle, head = (470, 520), (742, 520), (588, 526), (546, 408), (694, 400)
    for x, y in (rear, front):
        c.ring(x, y, 88, dark, wide=9)
        for turn in range(12):
            angle = math.tau * turn / 12
            c.line(
                [(x, y), (x + 82 * math.cos(angle), y + 82 * math.sin(angle))], "#8a9694", wide=1.6
            )
        c.disc(x, y, 9, dark)
    for pair in ((rear, crank), (rear, saddle), (saddle, crank), (saddle, head), (head, crank)):
        c.line(pair, warm, wide=11)
    c.line([front, head, (686, 362)], warm, wide=11)
    c.line([(686, 362), (722, 352), (742, 372)], dark, wide=9)
    c.line([saddle, (538, 384)], dark, wide=9)
    c.box(500, 370, 84, 17, dark, round_=8)
    c.ring(crank[0], crank[1], 24, dark, wide=7)
    c.line([(560, 560), (616, 492)], dark, wide=7)
    c.box(716, 380, 92, 56, "#b98145", round_=10)
    for x in range(728, 800, 16):
        c.line([(x, 384), (x, 432)], "#9a6733", wide=3)
    for x, colour in ((738, "#f2c14e"), (762, "#f7f0e3"), (786, "#e07a5f")):
        c.disc(x, 372, 15, colour)
        c.disc(x, 372, 5, "#7b4a2d")
    return c


def skog() -> Canvas:
    """Draw a forest in morning mist."""
    c = Canvas("#e6efe4", "#f9edd0", seed=17)
    c.glow(400, 200, 170, "#fff8df", strength=0.9)
    c.disc(400, 200, 62, "#fffae6")
    for base, swing, colour, count, sizes in (
        (330, 70, "#bfd6c3", 90, (50, 110)),
        (400, 60, "#93b9a2", 80, (70, 140)),
        (480, 60, "#5f9480", 60, (100, 180)),
        (560, 50, "#356c5b", 44, (130, 230)),
    ):
        c.spruces(c.hills(base, swing, colour), count, sizes, mix(colour, "#1c4b40", 0.1))
        c.glow(c.random.uniform(300, 900), base + 80, 150, "#fdf6e1", strength=0.22)
    c.spruces(c.hills(650, 30, "#1d463c"), 26, (150, 270), "#1d463c", sink=20)
    c.birds((640, 150), (690, 172), (610, 190), fill="#6f8f80")
    return c


def skargard() -> Canvas:
    """Draw islands with red cottages, and a sailing boat."""
    c = Canvas("#8fc1dc", "#fbe6c8", seed=28)
    c.disc(950, 150, 58, "#fff6db")
    c.cloud(250, 130, 96, "#eef4f2")
    c.cloud(640, 90, 60, "#e5eff1")
    c.water(330, "#b7d3d6", "#2f6a86", shine="#ffffff")
    for x, wide, high, colour in (
        (180, 210, 44, "#9db3ad"),
        (700, 260, 50, "#8fa9a6"),
        (1120, 180, 38, "#a4b8b2"),
    ):
        c.draw.pieslice(
            [v * SCALE for v in (x - wide, 334 - high, x + wide, 334 + high)], 180, 360, fill=colour
        )
        for dx in range(-int(wide * 0.55), int(wide * 0.55), 17):
            foot = 336 - high * math.sqrt(1 - (dx / wide) ** 2)
            c.spruce(x + dx, foot + 5, c.random.uniform(22, 42), mix(colour, "#2f5d55", 0.45))
    for x, wide, high in ((250, 350, 92), (1080, 300, 76)):
        c.draw.pieslice(
            [v * SCALE for v in (x - wide, 520 - high, x + wide, 520 + high * 0.55)],
            180,
            360,
            fill="#b9a496",
        )
        c.draw.pieslice(
            [v * SCALE for v in (x - wide * 0.86, 512 - high, x + wide * 0.7, 512 + high * 0.4)],
            180,
            360,
            fill="#7c9a72",
        )
        c.box(x - wide, 478 + (4 if wide == 300 else 0), wide * 2, 22, "#a58f82", round_=11)
    for x, foot, size in (
        (92, 440, 92),
        (140, 432, 130),
        (392, 446, 100),
        (1010, 458, 112),
        (1176, 462, 96),
    ):
        c.spruce(x, foot, size, "#2e5f50")
    c.house(210, 446, 96, 56, wall="#b23b2e", roof="#4b3a3a")
    c.house(318, 452, 62, 38, wall="#b23b2e", roof="#4b3a3a")
    c.house(1060, 462, 84, 48, wall="#b23b2e", roof="#4b3a3a")
    c.line([(300, 497), (440, 497)], "#6d5140", wide=8)
    for x in (330, 380, 430):
        c.line([(x, 497), (x, 522)], "#6d5140", wide=6)
    c.area([(660, 398), (660, 560), (560, 560)], "#fffaf0")
    c.area([(672, 382), (672, 560), (762, 560)], "#f1e2cb")
    c.line([(666, 372), (666, 580)], "#5a4238", wide=5)
    c.area([(540, 576), (790, 576), (752, 614), (584, 614)], "#b23b2e")
    c.box(540, 572, 250, 8, "#f7eedb", round_=3)
    c.birds((500, 210), (545, 190), (470, 180), fill="#496b7a")
    return c


def tag() -> Canvas:
    """Draw a train on a bridge over a valley in autumn."""
    c = Canvas("#f9e2b8", "#f7c59a", seed=52)
    c.glow(300, 190, 160, "#fff4cf", strength=0.7)
    c.disc(300, 200, 66, "#fff1c7")
    c.hills(330, 90, "#e3a977", waves=1.3)
    c.hills(400, 80, "#c98257", waves=1.8)
    ridge = c.hills(490, 70, "#a35c44", waves=2.0)
    for _ in range(70):
        x = c.random.uniform(0, 1200)
        c.disc(
            x,
            ridge(x) + c.random.uniform(4, 40),
            c.random.uniform(12, 26),
            c.random.choice(("#d98a3d", "#c8643b", "#e0a94f", "#8c4a3c")),
        )
    c.water(590, "#8a6f76", "#4c4a63", shine="#ffdca8")
    c.box(0, 356, 1200, 26, "#54424d")
    c.box(0, 350, 1200, 8, "#6f5a63")
    for x in range(-60, 1300, 240):
        c.box(x + 96, 376, 48, 300, "#54424d")
        c.draw.arc(
            [v * SCALE for v in (x + 140, 376, x + 340, 560)],
            180,
            360,
            fill="#54424d",
            width=16 * SCALE,
        )
    for wagon in range(3):
        x = 210 + wagon * 262
        c.box(x, 256, 256, 92, "#f4ecdc", round_=14)
        c.box(x, 318, 256, 16, "#1f6f6b")
        for pane in range(5):
            c.box(x + 18 + pane * 46, 274, 34, 32, "#2f4550", round_=5)
        for wheel in (40, 70, 186, 216):
            c.disc(x + wheel, 348, 10, "#2c2730")
    c.area([(996, 256), (1040, 262), (1082, 316), (1082, 348), (990, 348)], "#f4ecdc")
    c.area([(1018, 270), (1036, 274), (1062, 308), (1018, 308)], "#2f4550")
    c.box(990, 318, 92, 16, "#1f6f6b")
    c.box(1068, 322, 14, 9, "#ffe9a8", round_=4)
    return c


def aker() -> Canvas:
    """Draw fields, a farm and a tractor in late summer."""
    c = Canvas("#a9d5e6", "#fdf0cf", seed=70)
    c.disc(980, 140, 58, "#fff5cf")
    c.cloud(320, 120, 100, "#ffffff")
    c.cloud(700, 90, 60, "#f4fafa")
    c.spruces(c.hills(320, 40, "#9cc3a3", waves=1.6), 70, (24, 50), "#6ba086")
    c.hills(372, 34, "#c9d58a", waves=1.1)
    c.area([(0, 430), (1200, 372), (1200, 675), (0, 675)], "#ecc760")
    for n in range(15):
        x = -500 + n * 160
        c.line([(x, 675), (560 + (x - 560) * 0.28, 402 - (x - 560) * 0.012)], "#dcb14a", wide=6)
    c.area([(0, 560), (560, 470), (760, 675), (0, 675)], "#8fb35f")
    for n in range(9):
        c.line([(n * 90 - 40, 675), (250 + n * 38, 524 - n * 6)], "#7aa04e", wide=7)
    c.house(180, 428, 150, 84, wall="#a8382c", roof="#3f3538")
    c.house(352, 424, 92, 56, wall="#f6efdf", roof="#6b4a3c", pane="#8fb8c4")
    c.birch(140, 440, 150, "#6f9f5c")
    c.birch(476, 430, 130, "#84b06c")
    c.box(792, 420, 176, 54, "#2f7f5c", round_=12)
    c.box(768, 336, 110, 100, "#2f7f5c", round_=12)
    c.box(782, 350, 80, 56, "#cfe8ea", round_=6)
    c.box(934, 366, 9, 60, "#2b2b2b", round_=3)
    c.disc(818, 488, 62, "#24282a")
    c.disc(818, 488, 28, "#f0c14b")
    c.disc(944, 510, 40, "#24282a")
    c.disc(944, 510, 17, "#f0c14b")
    c.birds((560, 210), (600, 230), (540, 236), fill="#4f7a86")
    return c


def vinter() -> Canvas:
    """Draw a village in snow under northern lights."""
    c = Canvas("#0f2145", "#3c5b86", seed=84)
    for _ in range(120):
        c.disc(
            c.random.uniform(0, 1200), c.random.uniform(0, 320), c.random.uniform(0.7, 2), "#d7e3f5"
        )
    for offset, colour, strength in (
        (0, "#6fe0b0", 0.42),
        (70, "#8be3d2", 0.34),
        (-60, "#a78bdc", 0.28),
    ):
        for step in range(26):
            x = 60 + step * 44
            y = 170 + offset * 0.7 + 56 * math.sin(step / 4 + offset / 40)
            c.glow(x, y, 46, colour, strength=strength)
    c.hills(400, 90, "#6d87ab", waves=1.4)
    c.spruces(c.hills(460, 50, "#8ea6c4", waves=1.9), 56, (50, 110), "#35557a")
    c.hills(530, 36, "#d5e2ef", waves=1.3)
    for x, foot, wide, high in (
        (190, 566, 130, 74),
        (420, 574, 104, 62),
        (700, 560, 150, 84),
        (950, 578, 116, 66),
    ):
        c.glow(x + wide / 2, foot - 20, 80, "#ffdf9d", strength=0.42)
        c.house(x, foot, wide, high, wall="#a33b35", roof="#eef4fa", pane="#ffe19a")
        c.box(x + wide * 0.72, foot - high * 1.72, wide * 0.1, high * 0.5, "#7c3a38")
    c.hills(606, 26, "#edf3f9", waves=1.1)
    for x, size in ((90, 200), (150, 140), (1110, 220), (1050, 150), (600, 120)):
        c.spruce(x, 640, size, "#1f4458")
        c.area(
            [
                (x - size * 0.07, 640 - size * 0.86),
                (x, 640 - size),
                (x + size * 0.07, 640 - size * 0.86),
            ],
            "#f3f8fc",
        )
    return c


def vind() -> Canvas:
    """Draw wind turbines on blue hills."""
    c = Canvas("#9cc9ea", "#fdeccb", seed=103)
    c.glow(860, 250, 150, "#fff6d6", strength=0.7)
    c.disc(860, 250, 54, "#fff4cf")
    c.cloud(260, 110, 84, "#f4f9fb")
    far = c.hills(400, 70, "#a9c8d4", waves=1.4)
    places = [(180, far, 150, 0.2), (470, far, 170, 0.9), (1080, far, 150, 1.6)]
    for x, at, high, turn in places:
        _turbine(c, x, at(x), high, turn, "#f0f4f2")
    mid = c.hills(480, 70, "#6f9db3", waves=1.8)
    for x, high, turn in ((330, 270, 0.5), (760, 300, 1.3)):
        _turbine(c, x, mid(x) + 10, high, turn, "#fbfaf4")
    c.spruces(c.hills(560, 46, "#3f7089", waves=1.6), 60, (40, 90), "#2f5d77")
    c.hills(626, 24, "#234a63", waves=1.3)
    return c


def _turbine(c: Canvas, x: float, foot: float, high: float, turn: float, fill: str) -> None:
    wide = high / 40
    c.area(
        [
            (x - wide, foot + 20),
            (x + wide, foot + 20),
            (x + wide * 0.5, foot - high),
            (x - wide * 0.5, foot - high),
        ],
        fill,
    )
    for blade in range(3):
        angle = turn + blade * math.tau / 3
        ux, uy = math.cos(angle), math.sin(angle)
        top, side = high * 0.56, high * 0.024
        c.area(
            [
                (x - uy * side * 0.5, foot - high + ux * side * 0.5),
                (x + ux * top * 0.24 - uy * side, foot - high + uy * top * 0.24 + ux * side),
                (x + ux * top, foot - high + uy * top),
                (x + uy * side * 0.5, foot - high - ux * side * 0.5),
            ],
            fill,
        )
    c.disc(x, foot - high, wide * 1.3, mix(fill, "#8aa0aa", 0.3))


def hjarttrad() -> Canvas:
    """Draw a tree with a heart for a crown, on a meadow."""
    c = Canvas("#cfe6f1", "#fbe9df", seed=110)
    c.disc(230, 160, 58, "#fff6dc")
    c.cloud(960, 150, 84, "#ffffff")
    c.hills(420, 70, "#c8d9b8", waves=1.3)
    c.hills(480, 50, "#a3c495", waves=1.7)
    c.line([(600, 600), (604, 470), (600, 380)], "#7b5340", wide=26)
    c.line([(602, 470), (540, 390)], "#7b5340", wide=13)
    c.line([(602, 450), (664, 376)], "#7b5340", wide=13)
    heart = []
    for step in range(181):
        t = math.tau * step / 180
        heart.append(
            (
                600 + 13.4 * 16 * math.sin(t) ** 3,
                272
                - 12.6
                * (13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)),
            )
        )
    c.area(heart, "#d65a4a")
    inner = [(600 + (x - 600) * 0.8 - 16, 262 + (y - 262) * 0.78 - 12) for x, y in heart]
    c.area(inner, "#e27361")
    for _ in range(90):
        x, y = c.random.choice(heart)
        far = math.sqrt(c.random.random()) * 0.86
        c.disc(
            600 + (x - 600) * far,
            250 + (y - 250) * far,
            c.random.uniform(5, 10),
            c.random.choice(("#ee9481", "#cb4d42", "#f2a892")),
        )
    c.hills(590, 26, "#7fae78", waves=1.2)
    c.hills(640, 20, "#659a64", waves=1.8)
    for _ in range(80):
        c.disc(
            c.random.uniform(0, 1200),
            c.random.uniform(600, 670),
            c.random.uniform(2.5, 4.5),
            c.random.choice(("#fff4d2", "#f6b6a3", "#ffd977")),
        )
    for x, y in ((430, 520), (800, 500), (720, 560), (500, 566)):
        c.disc(x, y, 7, "#d65a4a")
    return c


def logo() -> Canvas:
    """Draw the authority's mark: hills, water and a sun on green."""
    c = Canvas("#0f5c4a", "#0f5c4a", seed=1, width=240, height=240)
    c.disc(152, 84, 34, "#f4cf77")
    c.area(
        [(0, 200), (84, 84), (128, 146), (150, 120), (240, 206), (240, 220), (0, 220)], "#d9efe6"
    )
    c.area([(84, 84), (105, 114), (84, 124), (66, 109)], "#ffffff")
    for row, colour in enumerate(("#86d6be", "#5fb79d")):
        y = 180 + row * 22
        wave = [(x, y + 6 * math.sin(x / 13 + row * 2)) for x in range(0, 241, 2)]
        c.area([*wave, (240, 240), (0, 240)], colour)
    return c
