"""How well sentences are told apart: lines of sentences with `|` between them."""

from itertools import accumulate
from pathlib import Path

from newsletter.language.sentences import split_sentences


def measure_splitting(file: Path, language: str = "sv") -> tuple[int, int, float]:
    """Return the number of lines, how many are split exactly, and the F1 of the boundaries."""
    exact = hits = ours = theirs = count = 0
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        gold = [" ".join(part.split()) for part in line.split("|")]
        found, wanted = (
            _find_boundaries(split_sentences(" ".join(gold), language)),
            _find_boundaries(gold),
        )
        count += 1
        exact += found == wanted
        hits += len(found & wanted)
        ours += len(found)
        theirs += len(wanted)
    return count, exact, 2 * hits / (ours + theirs)


def _find_boundaries(sentences: list[str]) -> set[int]:
    return set(accumulate(len(sentence) + 1 for sentence in sentences))
