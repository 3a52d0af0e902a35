"""Compose from a feed of 10 MB with 1,000 posts: `python -m benchmarks.teasers.large_feed`.

Prints the seconds and the most memory that all processes together take (Linux), beside the bars;
ends with 1 where one is missed.
"""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from newsletter.posts.text import to_word_set

_POSTS, _BYTES = 1_000, 9_990_000
#: Bars: seconds, MB.
_SECONDS, _MEMORY = 10.0, 300.0
_WORDS = sorted(
    to_word_set(
        "färjan går hela vintern och kommunen har lagt nya spänger vid sjön som många i länet länge"
        " har väntat på enligt nämnden"
    )
)
_SETTINGS = """[newsletter]
title = "Nytt"
language = "sv"
timezone = "Europe/Stockholm"
from = "R <r@example.org>"
postal_address = "Box 1"
public_url = "https://nyhetsbrev.example.org"
[[sources]]
url = "feed.xml"
[compose]
max_posts = 30
[smtp]
host = "127.0.0.1"
security = "none"
"""


def build_feed() -> str:
    """Return RSS of as many posts and bytes as are wanted.

    One emoji makes every character of it four bytes wide in memory.
    """
    chance = random.Random(1)  # noqa: S311 # no secret
    room = _BYTES // _POSTS - 320
    items = []
    for number in range(_POSTS):
        text = ""
        while len(text.encode()) < room:
            sentence = " ".join(chance.choices(_WORDS, k=14)).capitalize()
            text += f"<p>{sentence}. {sentence[:60]} {number}.</p>"
        title = f"Inlägg {number}: {' '.join(chance.choices(_WORDS, k=5))} 🙂"
        date = f"{1 + number % 28} Nov 2026 08:00:00 GMT"
        items.append(
            f"<item><title>{title}</title><link>https://blogg.example.org/{number}/</link><guid>g{number}</guid>"
            f"<pubDate>{date}</pubDate><description><![CDATA[{text}]]></description></item>"
        )
    items_text = "".join(items)
    return (
        "<rss"
        ' version="2.0"><channel><title>Blogg</title><language>sv</language>'
        f"{items_text}</channel></rss>"
    )


def measure_memory(process: int) -> int:
    """Return the kB that a process and those below it hold."""
    total = 0
    try:
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                total += int(line.split()[1])
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:  # it has ended
        return total
    return total + sum(measure_memory(int(child)) for child in children)


def main() -> int:
    """Measure, print, and say by the exit code whether both bars are reached."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content = build_feed()
        (folder / "feed.xml").write_text(content, encoding="utf-8")
        (folder / "newsletter.toml").write_text(_SETTINGS, encoding="utf-8")
        began, most = time.monotonic(), 0
        running = subprocess.Popen(
            [sys.executable, "-m", "newsletter", "compose", "1"],
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )
        while running.poll() is None:
            most = max(most, measure_memory(running.pid))
            time.sleep(0.01)
        seconds = time.monotonic() - began
    reached = running.returncode == 0 and seconds < _SECONDS and most / 1024 < _MEMORY
    print(
        f"{_POSTS:,} posts, {len(content.encode()) / 1e6:.1f} MB: {seconds:.1f} s,"
        f" {most / 1024:.0f} MB (under {_SECONDS:.0f} s and {_MEMORY:.0f} MB are wanted):"
        f" {'reached' if reached else 'missed'}"
    )
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
