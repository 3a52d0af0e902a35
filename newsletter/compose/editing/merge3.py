"""Merge two changes of one text, line by line.

base → mine, base → theirs | regions that all three share | between them: who changed what
"""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

#: Half-open ranges of lines that are the same in base, mine and theirs.
_SharedRun = tuple[int, int, int, int]


#: What both have changed: base, mine and theirs of the place → its lines.
ResolveConflict = Callable[[list[str], list[str], list[str]], list[str]]


def merge3(
    base: Sequence[str],
    mine: Sequence[str],
    theirs: Sequence[str],
    resolve: ResolveConflict | None = None,
) -> list[str] | None:
    """Return the lines with both changes in them.

    None where both changed the same place, not alike, and nobody can `settle` it.
    """
    lines: list[str] = []
    b = m = t = 0
    for base_at, mine_at, theirs_at, length in _find_shared_runs(base, mine, theirs):
        ours, hers, was = list(mine[m:mine_at]), list(theirs[t:theirs_at]), list(base[b:base_at])
        if hers in (was, ours):
            lines += ours
        elif ours == was:
            lines += hers
        elif resolve is not None:
            lines += resolve(was, ours, hers)
        else:
            return None
        lines += base[base_at : base_at + length]
        b, m, t = base_at + length, mine_at + length, theirs_at + length
    return lines


def _find_shared_runs(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[_SharedRun]:
    """Yield the runs of lines that neither change has touched, and an empty one at the end."""
    ours = SequenceMatcher(None, base, mine, autojunk=False).get_matching_blocks()
    hers = SequenceMatcher(None, base, theirs, autojunk=False).get_matching_blocks()
    i = j = 0
    while i < len(ours) and j < len(hers):
        start = max(ours[i].a, hers[j].a)
        end = min(ours[i].a + ours[i].size, hers[j].a + hers[j].size)
        if start < end:
            yield start, ours[i].b + start - ours[i].a, hers[j].b + start - hers[j].a, end - start
        if ours[i].a + ours[i].size < hers[j].a + hers[j].size:
            i += 1
        else:
            j += 1
    yield len(base), len(mine), len(theirs), 0
