"""How long a large feed takes, and how much memory.

1,000 posts in 10 MB, from its bytes to their summaries.
"""

import resource
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.rows import Row

POSTS, BYTES = 1_000, 10_000_000
_SENTENCE = (
    "Regionen bygger cykelväg nummer {number} mellan Exempelstad och Norrby, och arbetet pågår till"
    " sommaren nästa år. "
)


def build_feed() -> bytes:
    """Return an RSS feed of so many posts and bytes."""
    paragraph = f"&lt;p&gt;{_SENTENCE * 4}&lt;/p&gt;"
    times = BYTES // POSTS // len(paragraph.encode()) + 1
    items = "".join(
        f"<item><guid>g{number}</guid><link>https://blogg.example.org/{number}/</link><title>Cykelväg"
        f" {number} byggs</title>"
        f"<description>{(paragraph * times).format(number=number)}</description></item>"
        for number in range(POSTS)
    )
    return (
        '<?xml version="1.0"?><rss'
        f' version="2.0"><channel><title>Blogg</title>{items}</channel></rss>'.encode()
    )


def measure_feed() -> Iterator[Row]:
    """Measure in a process of its own, which reads the feed, and summarises each post."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.teasers.feed"],
        check=True,
        capture_output=True,
        text=True,
    )
    posts, megabytes, seconds, memory = done.stdout.split()
    yield Row(
        what=f"{posts} posts in {megabytes} MB",
        found=f"{float(seconds):.1f} s of CPU",
        bar="≤ 10 s",
        good=float(seconds) <= 10,
    )
    yield Row(
        what="memory at the most", found=f"{memory} MB", bar="≤ 300 MB", good=int(memory) <= 300
    )


def _measure() -> str:
    from newsletter.compose.summary.summarise import summarise
    from newsletter.posts.clean import extract_blocks
    from newsletter.posts.feeds.feed import read_feed

    content = build_feed()
    posts = read_feed(
        content, source="https://blogg.example.org/feed/", base="https://blogg.example.org/feed/"
    ).posts
    written = [
        summarise(
            post.title, extract_blocks(post.body or post.excerpt, title=post.title), language="sv"
        )
        for post in posts
    ]
    assert all(summary.text for summary in written)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(one.ru_utime + one.ru_stime for one in used)
    return (
        f"{len(written)} {len(content) // 1_000_000} {seconds:.2f}"
        f" {max(one.ru_maxrss for one in used) // 1024}"
    )


if __name__ == "__main__":
    print(_measure())
