"""Towns, houses, rooms and what drives between them."""

from demo_pictures.canvas import SCALE, Canvas, mix


def kvallsstad() -> Canvas:
    """Draw a town at sunset behind a river."""
    c = Canvas("#f4cf9c", "#f0a98a", seed=4)
    c.glow(850, 230, 200, "#fff1c9", strength=0.7)
    c.disc(850, 235, 74, "#fff2d2")
    c.tower_blocks(470, (90, 260), "#cf8163", None)
    c.tower_blocks(500, (60, 210), "#97596a", "#f6c78f")
    c.tower_blocks(540, (40, 150), "#5f4763", "#f3b978")
    c.water(560, "#7d566d", "#2f2a45", shine="#f8c999")
    for x, y in ((330, 600), (350, 606), (372, 599)):
        c.area([(x - 9, y), (x + 9, y), (x + 5, y + 6), (x - 5, y + 6)], "#f7e3c5")
    return c


def bibliotek() -> Canvas:
    """Draw shelves of books, an armchair and a lamp."""
    c = Canvas("#3c5a57", "#2b4442", seed=12)
    spines = (
        "#e0a458",
        "#c8553d",
        "#f2e3c6",
        "#7fa99b",
        "#d98e73",
        "#588b8b",
        "#f0c987",
        "#8f4a4a",
        "#bcd0c7",
    )
    for shelf in range(4):
        foot = 138 + shelf * 140
        x = 26.0
        while x < 1174:
            wide, high = c.random.uniform(15, 36), c.random.uniform(78, 116)
            if c.random.random() < 0.09:
                x += wide * 1.6
                continue
            if x + wide > 1174:
                break
            colour = c.random.choice(spines)
            c.box(x, foot - high, wide, high, mix(colour, "#24393a", 0.12), round_=2)
            c.box(x, foot - high + 14, wide, 5, mix(colour, "#fff6df", 0.45))
            c.box(x, foot - 24, wide, 4, mix(colour, "#24393a", 0.4))
            x += wide + 2
        c.box(0, foot, 1200, 18, "#8a5a3c")
        c.box(0, foot + 14, 1200, 4, "#6d442c")
    c.glow(900, 250, 230, "#ffdf9e", strength=0.55)
    c.box(0, 590, 1200, 90, "#c9a27b")
    c.box(0, 590, 1200, 8, "#b48b64")
    c.draw.ellipse([v * SCALE for v in (420, 596, 1120, 668)], fill="#b4513d")
    c.draw.ellipse([v * SCALE for v in (450, 603, 1090, 661)], fill="#c66a50")
    c.line([(930, 632), (930, 236)], "#2a2a2a", wide=7)
    c.box(890, 626, 80, 12, "#2a2a2a", round_=6)
    c.area([(878, 250), (982, 250), (958, 168), (902, 168)], "#ffe6ae")
    c.box(560, 350, 250, 240, "#e2ad4e", round_=60)
    c.box(585, 375, 200, 190, "#d39b3c", round_=44)
    c.box(570, 498, 230, 80, "#edbf68", round_=24)
    for x in (528, 770):
        c.box(x, 450, 72, 150, "#e2ad4e", round_=34)
    for x in (556, 800):
        c.box(x, 598, 14, 36, "#5a3a28", round_=4)
    c.area([(640, 492), (690, 478), (690, 506), (640, 516)], "#fbf5e6")
    c.area([(690, 478), (742, 492), (742, 516), (690, 506)], "#efe4cc")
    return c


def _bus(c: Canvas, x: float, foot: float, *, body: str, stripe: str) -> None:
    c.box(x, foot - 148, 430, 134, body, round_=24)
    c.box(x, foot - 52, 430, 18, stripe)
    c.box(x + 18, foot - 130, 322, 62, "#29424f", round_=10)
    for left in (88, 164, 240):
        c.box(x + left, foot - 130, 6, 62, body)
    c.area(
        [(x + 112, foot - 68), (x + 150, foot - 130), (x + 172, foot - 130), (x + 134, foot - 68)],
        "#3c5a68",
    )
    c.box(x + 352, foot - 130, 78, 78, "#29424f", round_=10)
    c.box(x + 258, foot - 126, 66, 112, mix(body, "#1e2c33", 0.18), round_=6)
    for left in (263, 294):
        c.box(x + left, foot - 120, 26, 84, "#35515e", round_=4)
    c.box(x + 60, foot - 164, 180, 20, mix(body, "#ffffff", 0.25), round_=9)
    c.box(x + 416, foot - 46, 18, 14, "#ffe9a8", round_=6)
    for wheel in (88, 358):
        c.disc(x + wheel, foot - 16, 33, "#1f2327")
        c.disc(x + wheel, foot - 16, 15, "#b9c2c4")


def buss() -> Canvas:
    """Draw a bus on a country road in the morning."""
    c = Canvas("#bfe0ea", "#fbe9cf", seed=21)
    c.glow(250, 190, 130, "#fff6d8", strength=0.8)
    c.disc(250, 190, 56, "#fff3cd")
    c.cloud(560, 120, 92, "#f6f8f2")
    c.cloud(980, 190, 70, "#f9f3e6")
    c.hills(360, 70, "#a8cbb7", waves=1.4)
    ridge = c.hills(420, 60, "#7fb098", waves=1.9)
    c.spruces(ridge, 60, (40, 86), "#4f8a73")
    c.hills(480, 40, "#e3c06d", waves=1.2)
    for x in range(-40, 1240, 44):
        c.line([(x, 560), (x + 60, 486)], "#d3ad57", wide=5)
    c.box(0, 556, 1200, 120, "#5b6670")
    c.box(0, 556, 1200, 8, "#efe7d3")
    for x in range(20, 1200, 130):
        c.box(x, 634, 74, 8, "#f0ead9", round_=3)
    _bus(c, 400, 618, body="#c8483a", stripe="#f4d9a4")
    c.line([(1010, 562), (1010, 424)], "#47525a", wide=8)
    c.disc(1010, 420, 38, "#2f6f9f")
    c.disc(1010, 420, 32, "#f5f1e4")
    c.box(992, 408, 36, 22, "#2f6f9f", round_=5)
    return c


def nattbuss() -> Canvas:
    """Draw a bus in a town at night, under stars."""
    c = Canvas("#141b3c", "#4b4a79", seed=33)
    for _ in range(110):
        c.disc(
            c.random.uniform(0, 1200),
            c.random.uniform(0, 330),
            c.random.uniform(0.8, 2.2),
            "#cfd3f2",
        )
    c.glow(960, 120, 90, "#fdf3cf", strength=0.5)
    c.disc(960, 120, 44, "#fbf0cb")
    for x, y, size in ((948, 108, 9), (974, 130, 12), (956, 140, 5)):
        c.disc(x, y, size, "#efe0ae")
    c.tower_blocks(520, (140, 300), "#343a68", None)
    c.tower_blocks(550, (90, 230), "#232a55", "#f4cd84")
    c.box(0, 548, 1200, 130, "#1a1f3a")
    c.box(0, 548, 1200, 7, "#3b426f")
    for x in (150, 1060):
        c.line([(x, 556), (x, 330), (x + 46, 318)], "#0f1329", wide=7)
        c.glow(x + 50, 334, 60, "#ffdf9a", strength=0.75)
        c.box(x + 30, 314, 40, 9, "#ffe9b8", round_=4)
    c.glow(850, 612, 90, "#ffe3a1", strength=0.5)
    _bus(c, 380, 622, body="#e8b04c", stripe="#fff0c9")
    for left in (398, 474, 550):
        c.box(left, 492, 66, 62, "#fbe6b0", round_=8)
    return c


def vardcentral() -> Canvas:
    """Draw a health centre with trees and a bench."""
    c = Canvas("#d5ebe6", "#fdf3de", seed=41)
    c.disc(210, 140, 54, "#fff2c4")
    c.cloud(880, 130, 88, "#ffffff")
    c.cloud(480, 90, 56, "#f6fbf8")
    c.hills(430, 60, "#b7d8c2", waves=1.4)
    c.hills(500, 30, "#8fc0a2", waves=1.8)
    c.box(330, 232, 560, 330, "#fbf6ea", round_=6)
    c.box(318, 216, 584, 24, "#d9795d", round_=6)
    c.disc(620, 300, 46, "#2f8a72")
    c.box(611, 272, 18, 56, "#ffffff", round_=3)
    c.box(592, 291, 56, 18, "#ffffff", round_=3)
    for row in (270, 372):
        for x in (366, 436, 506, 700, 770, 840):
            c.box(x - 4, row - 4, 46, 66, "#e6dcc6", round_=4)
            c.box(x, row, 38, 58, "#8fc6d0", round_=3)
            c.area(
                [(x, row + 40), (x + 30, row), (x + 38, row), (x + 38, row + 8), (x, row + 54)],
                "#a9d6dc",
            )
            c.box(x - 8, row + 58, 54, 8, "#d9795d", round_=2)
    c.box(566, 420, 108, 142, "#2f6f62", round_=8)
    for x in (574, 623):
        c.box(x, 430, 43, 132, "#bfe1de", round_=4)
    c.box(540, 398, 160, 16, "#d9795d", round_=5)
    c.box(0, 556, 1200, 120, "#79b08b")
    c.area([(566, 560), (674, 560), (780, 675), (460, 675)], "#efe2c6")
    for x, high, colour in (
        (150, 280, "#5d9d76"),
        (262, 200, "#6fae83"),
        (990, 260, "#5d9d76"),
        (1100, 330, "#4e8f6a"),
    ):
        c.birch(x, 590, high, colour)
    c.box(900, 590, 150, 10, "#a9683f", round_=4)
    c.box(900, 566, 150, 10, "#a9683f", round_=4)
    for x in (914, 1028):
        c.line([(x, 560), (x, 620)], "#4a3a34", wide=7)
    for _ in range(60):
        x, y = c.random.uniform(0, 1200), c.random.uniform(625, 672)
        if not 420 < x < 820:
            c.disc(x, y, 3.6, c.random.choice(("#ffe08a", "#ffffff", "#f3a48d")))
    return c


def scen() -> Canvas:
    """Draw a stage with curtains, lights, and instruments."""
    c = Canvas("#3a1d3f", "#6b2f4a", seed=61)
    for x, tilt in ((330, 90), (600, 0), (870, -90)):
        c.area(
            [(x - 10, 40), (x + 10, 40), (x + tilt + 150, 560), (x + tilt - 150, 560)], "#87475c"
        )
    for x, tilt in ((330, 90), (600, 0), (870, -90)):
        c.area([(x - 6, 40), (x + 6, 40), (x + tilt + 86, 560), (x + tilt - 86, 560)], "#a5626b")
        c.box(x - 20, 16, 40, 34, "#231427", round_=8)
    c.glow(600, 500, 220, "#ffd9a0", strength=0.45)
    c.box(0, 548, 1200, 130, "#8d5a3e")
    for y in (548, 580, 622):
        c.box(0, y, 1200, 3, "#744630")
    c.line([(790, 560), (790, 300)], "#20141f", wide=7)
    c.line([(790, 300), (744, 278)], "#20141f", wide=7)
    c.disc(738, 275, 17, "#2f2230")
    c.line([(750, 580), (790, 552), (830, 580)], "#20141f", wide=7)
    c.area([(300, 392), (520, 380), (556, 420), (556, 452), (300, 452)], "#1c1420")
    c.area([(300, 388), (372, 250), (560, 330), (524, 384)], "#2b1f2f")
    c.box(300, 446, 268, 14, "#f6efe2", round_=3)
    for x in range(312, 560, 18):
        c.box(x, 446, 9, 8, "#1c1420")
    for x in (322, 420, 536):
        c.line([(x, 456), (x, 584)], "#1c1420", wide=11)
    c.box(424, 520, 120, 16, "#7c2f3d", round_=8)
    for x in (440, 528):
        c.line([(x, 532), (x, 590)], "#1c1420", wide=7)
    for side in (0, 1):
        for fold in range(6):
            x = fold * 38 if side == 0 else 1200 - (fold + 1) * 38
            c.box(
                x,
                0,
                38,
                600 - fold * 14,
                mix("#c23b46", "#7f1f36", (fold % 2) * 0.55 + 0.1),
                round_=14,
            )
    for x in range(0, 1200, 100):
        c.draw.pieslice(
            [v * SCALE for v in (x - 12, -70, x + 112, 62)],
            0,
            180,
            fill=mix("#c23b46", "#8f2439", (x // 100 % 2) * 0.6),
        )
    c.box(0, 660, 1200, 16, "#2a1522")
    for x in range(40, 1200, 86):
        c.disc(x, 676, 30, "#2a1522")
    return c


def hamn() -> Canvas:
    """Draw a harbour with cranes and a ship of containers."""
    c = Canvas("#f6d7b0", "#f9ecd6", seed=95)
    c.glow(260, 240, 150, "#fff6dc", strength=0.7)
    c.disc(260, 240, 62, "#fff3d1")
    c.hills(400, 50, "#d9b79d", waves=1.5)
    c.tower_blocks(440, (20, 80), "#bf9a8c", None)
    c.box(0, 430, 1200, 40, "#8d7474")
    for x in (150, 960):
        c.line([(x, 440), (x + 34, 170)], "#2f6b73", wide=11)
        c.line([(x + 110, 440), (x + 76, 170)], "#2f6b73", wide=11)
        c.line([(x + 14, 330), (x + 96, 330)], "#2f6b73", wide=8)
        c.line([(x - 90, 176), (x + 210, 176)], "#2f6b73", wide=13)
        c.line([(x - 84, 176), (x + 55, 110), (x + 204, 176)], "#2f6b73", wide=5)
        c.line([(x + 55, 110), (x + 55, 176)], "#2f6b73", wide=9)
        c.line([(x - 40, 180), (x - 40, 270)], "#41555a", wide=3)
        c.box(x - 64, 268, 48, 26, "#d9694c", round_=3)
    c.water(470, "#8eb0ae", "#365f70", shine="#fdf1da")
    colours = ("#d9694c", "#e7ae4d", "#3f8f88", "#f2e6cc", "#5c7fa3", "#a84b4b")
    for column in range(9):
        for row in range(c.random.randint(2, 4)):
            colour = c.random.choice(colours)
            c.box(330 + column * 56, 470 - row * 36, 53, 33, colour, round_=2)
            for rib in range(8, 50, 9):
                c.box(
                    330 + column * 56 + rib, 475 - row * 36, 2.4, 23, mix(colour, "#3a2f35", 0.25)
                )
    c.box(846, 360, 88, 150, "#fbf4e6", round_=6)
    for y in (376, 410):
        for x in (856, 882, 908):
            c.box(x, y, 18, 18, "#38525c", round_=3)
    c.box(878, 318, 34, 44, "#d9694c", round_=4)
    c.area([(266, 500), (980, 500), (944, 590), (330, 590)], "#9f3b36")
    c.area([(266, 500), (980, 500), (974, 516), (276, 516)], "#27424c")
    c.area([(322, 576), (950, 576), (944, 592), (332, 592)], "#7d2b2b")
    c.birds((560, 170), (600, 150), (640, 178), fill="#6f6a6a")
    return c


def verkstad() -> Canvas:
    """Draw a workshop window: a bench, plants, tools, a view of roofs."""
    c = Canvas("#e7d3b5", "#e7d3b5", seed=121)
    c.box(300, 60, 600, 350, "#7b5a43", round_=10)
    c.box(318, 78, 564, 314, "#bfe0ea")
    c.disc(770, 160, 40, "#fff4cf")
    for x, high in ((318, 110), (420, 150), (520, 96), (610, 170), (700, 120), (790, 140)):
        c.box(x, 392 - high, 96, high, "#d79a76")
        c.area([(x - 4, 392 - high), (x + 48, 392 - high - 52), (x + 100, 392 - high)], "#a85a48")
        c.box(x + 36, 392 - high + 24, 22, 30, "#fbe9c2")
    c.box(594, 78, 12, 314, "#7b5a43")
    c.box(318, 226, 564, 10, "#7b5a43")
    for x, colour in (
        (70, "#2f6f73"),
        (130, "#c8553d"),
        (190, "#e0a458"),
        (990, "#2f6f73"),
        (1060, "#8f4a4a"),
        (1130, "#e0a458"),
    ):
        c.line([(x, 110), (x, 210)], "#8a6a50", wide=12)
        c.box(x - 20, 204, 40, 66, colour, round_=10)
    for x in (40, 960):
        c.box(x, 96, 210, 12, "#7b5a43", round_=4)
    c.box(0, 470, 1200, 30, "#a9683f")
    c.box(0, 496, 1200, 180, "#8a5234")
    for x in (60, 460, 860):
        c.box(x, 530, 290, 110, "#9b6040", round_=8)
        c.box(x + 118, 576, 54, 14, "#e9cf9b", round_=7)
    c.area([(150, 470), (166, 400), (250, 400), (266, 470)], "#d9795d")
    for dx, dy in ((-34, -70), (0, -100), (36, -66), (-14, -48), (18, -52)):
        c.disc(208 + dx, 408 + dy * 0.7, 32, mix("#4f8a63", "#86b884", (dx + 40) / 80))
    c.box(530, 350, 170, 106, "#35464d", round_=10)
    c.box(540, 360, 150, 84, "#8fd0c4", round_=4)
    for x, high in ((560, 22), (590, 40), (620, 30), (650, 56)):
        c.box(x, 436 - high, 18, high, "#fbf6e6", round_=3)
    c.area([(500, 470), (730, 470), (712, 454), (518, 454)], "#26343a")
    c.box(860, 408, 70, 62, "#f6efe2", round_=8)
    c.ring(934, 436, 20, "#f6efe2", wide=8)
    c.line([(884, 390), (892, 374), (884, 358)], "#fffaf0", wide=5)
    c.line([(908, 390), (916, 374), (908, 358)], "#fffaf0", wide=5)
    return c
