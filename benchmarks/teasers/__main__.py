"""Measure the teasers: `python -m benchmarks.teasers [PAIRS.jsonl] [SENTENCES.txt]`.

Prints each measure beside its bar, for clean bodies and for bodies with page furniture, and ends with 1 where one is missed.
The pairs are lines {id, title, lang, body, body_format, reference}; sentences have `|` between them.
"""

import html
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.teasers.defects import hard_defects, is_dangling
from benchmarks.teasers.furniture import furnished
from benchmarks.teasers.rouge import mean_f1
from benchmarks.teasers.splitting import measured
from newsletter.compose.summarise import summarise
from newsletter.compose.text import body_html
from newsletter.posts.clean import BlockKind, blocks

_CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "posts"
_HERE = Path(__file__).parent
#: What WordPress strips before it counts 35 words.
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One post with its author's teaser."""

    id: str
    title: str
    language: str
    html: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What came out."""

    case: Case
    text: str
    #: What 35 words and "…" would be.
    excerpt: str
    defects: list[str]
    seconds: float
    has_text: bool


def read(path: Path) -> Iterator[Case]:
    """Read the pairs."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            body = body_html(row["body"], row["body_format"])
            yield Case(id=row["id"], title=row["title"], language=row["lang"], html=body, reference=row["reference"])


def show(case: Case) -> Shown:
    """Summarise one post, timed from its HTML on, in seconds of CPU."""
    began = time.process_time()
    cleaned = blocks(case.html, title=case.title)
    text = summarise(case.title, cleaned, language=case.language).text
    seconds = time.process_time() - began
    raw = blocks(case.html)
    words = html.unescape(_TAG.sub(" ", case.html)).split()
    headings = [block.text for block in raw if block.kind is BlockKind.heading]
    return Shown(
        case=case,
        text=text,
        excerpt=" ".join(words[:35]) + "…",
        defects=hard_defects(text, headings, case.title),
        seconds=seconds,
        has_text=any(block.kind is not BlockKind.code for block in raw),
    )


def report(name: str, shown: list[Shown], ratio_bar: float, defect_bar: float, excerpts: list[str]) -> bool:
    """Print the measures of one set; True: all bars are reached."""
    count = len(shown)
    lengths = [len(one.text.split()) for one in shown]
    ours = statistics.mean(mean_f1(one.text, one.case.reference) for one in shown)
    theirs = statistics.mean(mean_f1(excerpt, one.case.reference) for excerpt, one in zip(excerpts, shown, strict=True))
    seconds = sorted(one.seconds for one in shown)
    rows = [
        ("hard defects", sum(bool(one.defects) for one in shown) / count, "≤", defect_bar, "{:.1%}"),
        ("dangling openers", sum(is_dangling(one.text, one.case.language) for one in shown) / count, "≤", 0.005, "{:.1%}"),
        ("ROUGE against 35 words", ours / theirs, "≥", ratio_bar, "{:.3f}"),
        ("25 to 50 words", sum(25 <= length <= 50 for length in lengths) / count, "≥", 0.9, "{:.1%}"),
        ("over 60 words", sum(length > 60 for length in lengths), "≤", 0, "{:d}"),
        ("empty though there is text", sum(one.has_text and not one.text for one in shown), "≤", 0, "{:d}"),
        ("ms a post, mean", 1000 * statistics.mean(seconds), "≤", 20, "{:.1f}"),
    ]
    print(
        f"\n{name}: {count} posts, mean length {statistics.mean(lengths):.1f} words, ROUGE {ours:.3f} against {theirs:.3f}, "
        f"slowest post {1000 * seconds[-1]:.0f} ms"
    )
    reached = True
    for measure, value, sign, bar, form in rows:
        good = value <= bar if sign == "≤" else value >= bar
        reached &= good
        print(f"  {'ok ' if good else 'NO '} {measure:28} {form.format(value):>8}   {sign} {form.format(bar)}")
    kinds = Counter(defect for one in shown for defect in one.defects)
    if kinds:
        print("      " + ", ".join(f"{kind}: {number}" for kind, number in kinds.most_common()))
    return reached


def main(arguments: list[str]) -> int:
    """Measure, print, and say by the exit code whether every bar is reached."""
    named = [argument for argument in arguments if not argument.startswith("-")]
    pairs = Path(named[0]) if named else _CORPUS / "pairs.jsonl"
    reached = True
    sentences = [Path(named[1])] if len(named) > 1 else [_CORPUS / "sentences-sv.txt", *sorted(_HERE.glob("sentences.*"))]
    for file in sentences:
        if file.is_file():
            swedish = file.stem.count(".") == 0
            lines, exact, f1 = measured(file, "sv" if swedish else file.stem.rpartition(".")[2])
            least = 58 / 60 if swedish else 20 / 22
            good = f1 >= 0.97 and exact / lines >= least
            reached &= good
            print(f"{'ok ' if good else 'NO '} {file.name}: {exact} of {lines} exact, F1 {f1:.3f}   ≥ {least:.1%}, ≥ 0.97")
    if not pairs.is_file():
        print(f"{pairs.name} isn't there: the teasers aren't measured.")
        return 0 if reached else 1
    cases = list(read(pairs))
    shown = [show(case) for case in cases]
    reached &= report("clean bodies", shown, 1.0, 0.01, [one.excerpt for one in shown])
    dressed = [show(furnished(case)) for case in cases]
    reached &= report("bodies with furniture", dressed, 1.35, 0.005, [one.excerpt for one in dressed])
    if "--show" in arguments:
        for one in [*shown, *dressed]:
            print(json.dumps({"id": one.case.id, "title": one.case.title, "text": one.text, "defects": one.defects}, ensure_ascii=False))
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
