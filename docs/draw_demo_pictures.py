"""Draw the pictures of the demo's made-up blog, the same bytes every time.

1200 × 675, each less than 60 kB.

python docs/draw_demo_pictures.py [NAME …]
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from demo_pictures import country, towns
from demo_pictures.canvas import rounded

DEMO = Path(__file__).parent.parent / "templates" / "demo"
PICTURES = (
    *(
        towns.kvallsstad,
        towns.bibliotek,
        towns.buss,
        towns.nattbuss,
        towns.vardcentral,
        towns.scen,
        towns.hamn,
        towns.verkstad,
    ),
    *(
        country.cykel,
        country.skog,
        country.skargard,
        country.tag,
        country.aker,
        country.vinter,
        country.vind,
        country.hjarttrad,
    ),
)


def main(names: Sequence[str]) -> None:
    """Draw the pictures named, or all."""
    for paint in PICTURES:
        if not names or paint.__name__ in names:
            paint().save(DEMO / "blogg" / "bilder" / f"{paint.__name__}.jpg")
    if not names or "logo" in names:
        country.logo().save(DEMO / "logo.png")
        rounded(DEMO / "logo.png", 54)


if __name__ == "__main__":
    main(sys.argv[1:])
