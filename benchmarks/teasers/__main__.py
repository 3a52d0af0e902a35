"""Measure the teasers.

`python -m benchmarks.teasers [PAIRS.jsonl] [SENTENCES.txt] [--write] [--show]`

sentences | teasers of clean bodies | teasers of bodies with boilerplate | a large feed
    → figures beside their bars

`--write` writes docs/benchmarks/teasers.md, `--show` prints every teaser. Ends with 1 where a bar
is missed.
The pairs are lines {id, title, lang, body, body_format, reference}; `|` stands between sentences.
"""

import html
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.rows import Part, Row, write_page
from benchmarks.teasers import feed
from benchmarks.teasers.boilerplate import add_boilerplate
from benchmarks.teasers.defects import find_hard_defects, is_dangling
from benchmarks.teasers.rouge import compute_mean_f1
from benchmarks.teasers.sentence_splitting import measure_splitting
from newsletter.compose.input_formats import to_html
from newsletter.compose.summary.summarise import summarise
from newsletter.domain.word_count import count_words
from newsletter.posts.clean import BlockKind, extract_blocks

_CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "posts"
_HERE = Path(__file__).parent
_PAGE = Path(__file__).parents[2] / "docs" / "benchmarks" / "teasers.md"
#: What WordPress strips before it counts 35 words.
_TAG = re.compile(
    r"<(?:script|style)\b.*?</(?:script|style)>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One post with its author's teaser."""

    id: str
    title: str
    language: str
    html: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What came out."""

    case: Case
    text: str
    #: What 35 words and "…" would be.
    excerpt: str
    defects: list[str]
    seconds: float
    has_text: bool


def read_cases(path: Path) -> Iterator[Case]:
    """Read the pairs."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            body = to_html(row["body"], row["body_format"])
            yield Case(
                id=row["id"],
                title=row["title"],
                language=row["lang"],
                html=body,
                reference=row["reference"],
            )


def summarise_case(case: Case) -> CaseResult:
    """Summarise one post, timed from its HTML on, in seconds of CPU."""
    began = time.process_time()
    cleaned = extract_blocks(case.html, title=case.title)
    text = summarise(case.title, cleaned, language=case.language).text
    seconds = time.process_time() - began
    raw = extract_blocks(case.html)
    words = html.unescape(_TAG.sub(" ", case.html)).split()
    headings = [block.text for block in raw if block.kind is BlockKind.heading]
    return CaseResult(
        case=case,
        text=text,
        excerpt=" ".join(words[:35]) + "…",
        defects=find_hard_defects(text, headings, case.title),
        seconds=seconds,
        has_text=any(block.kind is not BlockKind.code for block in raw),
    )


def measure_cases(shown: list[CaseResult], ratio_bar: float, defect_bar: float) -> Iterator[Row]:
    """Measure one set."""
    count = len(shown)
    lengths = [count_words(one.text) for one in shown]
    ours = statistics.mean(compute_mean_f1(one.text, one.case.reference) for one in shown)
    theirs = statistics.mean(compute_mean_f1(one.excerpt, one.case.reference) for one in shown)
    seconds = [one.seconds for one in shown]
    kinds = Counter(defect for one in shown for defect in one.defects)
    told = ", ".join(f"{kind}: {number}" for kind, number in kinds.most_common())
    yield _build_row(
        "hard defects",
        sum(bool(one.defects) for one in shown) / count,
        "≤",
        defect_bar,
        "{:.1%}",
        f" ({told})" if told else "",
    )
    yield _build_row(
        "dangling openers",
        sum(is_dangling(one.text, one.case.language) for one in shown) / count,
        "≤",
        0.005,
        "{:.1%}",
    )
    yield _build_row(
        "ROUGE against 35 words",
        ours / theirs,
        "≥",
        ratio_bar,
        "{:.3f}",
        f" ({ours:.3f} against {theirs:.3f})",
    )
    inside = sum(25 <= length <= 50 for length in lengths) / count
    yield _build_row(
        "25 to 50 words", inside, "≥", 0.9, "{:.1%}", f" (mean {statistics.mean(lengths):.1f})"
    )
    yield _build_row("over 60 words", sum(length > 60 for length in lengths), "≤", 0, "{:.0f}")
    yield _build_row(
        "empty though there is text",
        sum(one.has_text and not one.text for one in shown),
        "≤",
        0,
        "{:.0f}",
    )
    slowest = f" (slowest {1000 * max(seconds):.0f} ms)"
    yield _build_row(
        "CPU a post, mean", 1000 * statistics.mean(seconds), "≤", 20, "{:.1f} ms", slowest
    )


def _build_row(what: str, value: float, sign: str, bar: float, form: str, more: str = "") -> Row:
    good = value <= bar if sign == "≤" else value >= bar
    return Row(
        what=what, found=form.format(value) + more, bar=f"{sign} {form.format(bar)}", good=good
    )


def measure_splitting_files(files: Sequence[Path]) -> Iterator[Row]:
    """Measure how sentences are told apart, file by file.

    "sentences.de.txt" is German, one without a language Swedish.
    """
    for file in files:
        swedish = "." not in file.stem
        lines, exact, f1 = measure_splitting(
            file, "sv" if swedish else file.stem.rpartition(".")[2]
        )
        least = 58 / 60 if swedish else 20 / 22
        found = f"{exact} of {lines} exact, F1 {f1:.3f}"
        yield Row(
            what=file.name,
            found=found,
            bar=f"≥ {round(least * lines)}, ≥ 0.97",
            good=f1 >= 0.97 and exact >= round(least * lines),
        )


def measure_parts(
    pairs: Path, sentences: Sequence[Path], shown: list[CaseResult]
) -> Iterator[Part]:
    """Measure part by part; the teasers go into `shown`."""
    yield Part(
        title="Sentences",
        how="Lines of hard places, of our own and from elsewhere.",
        rows=list(measure_splitting_files(sentences)),
    )
    if pairs.is_file():
        cases = list(read_cases(pairs))
        clean, dressed = (
            [summarise_case(case) for case in cases],
            [summarise_case(add_boilerplate(case)) for case in cases],
        )
        shown += [*clean, *dressed]
        how = (
            f"{len(cases)} blog posts with the teaser that their author wrote; beside them"
            " WordPress' way, the first 35 words and “…”."
        )
        yield Part(title="Clean bodies", how=how, rows=list(measure_cases(clean, 1.0, 0.01)))
        how = (
            "The same with title, byline, date, caption, a bold line, “read more” and WordPress'"
            " last line around the text."
        )
        yield Part(
            title="Bodies with page furniture",
            how=how,
            rows=list(measure_cases(dressed, 1.35, 0.005)),
        )
    else:
        print(f"{pairs.name} isn't there: the teasers aren't measured.")
    how = (
        "RSS, from its bytes to the summaries: the time of both processes, starting included, one"
        " after the other."
    )
    yield Part(title="A large feed", how=how, rows=list(feed.measure_feed()))


def main(arguments: list[str]) -> int:
    """Measure, print, and say by the exit code whether every bar is reached."""
    named = [Path(argument) for argument in arguments if not argument.startswith("-")]
    sentences = named[1:] or [_CORPUS / "sentences-sv.txt", *sorted(_HERE.glob("sentences.*"))]
    found: list[Part] = []
    shown: list[CaseResult] = []
    for part in measure_parts(
        named[0] if named else _CORPUS / "pairs.jsonl",
        [file for file in sentences if file.is_file()],
        shown,
    ):
        print(f"\n{part.title}: {part.how}")
        for row in part.rows:
            print(row)
        found.append(part)
    if "--show" in arguments:
        for one in shown:
            print(
                json.dumps(
                    {
                        "id": one.case.id,
                        "title": one.case.title,
                        "text": one.text,
                        "defects": one.defects,
                    },
                    ensure_ascii=False,
                )
            )
    if "--write" in arguments:
        write_page(
            _PAGE,
            found,
            version("newsletter"),
            heading="How good the summaries are: figures",
            group="teasers",
        )
    return 1 if any(row.good is False for part in found for row in part.rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
