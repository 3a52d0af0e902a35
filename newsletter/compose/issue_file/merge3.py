"""Merge two changes of one text, line by line: a three-way merge, as diff3 and git do it.

base → mine, base → theirs | regions that all three share | between them: who changed what
"""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

#: A run of lines that is the same in all three: where it begins in base, mine and theirs, and its
#: length.
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

    None where both changed the same place, not alike (a conflict), and there is no `resolve`.
    """
    lines: list[str] = []
    b = m = t = 0
    for base_at, mine_at, theirs_at, length in _find_shared_runs(base, mine, theirs):
        was, ours, other = list(base[b:base_at]), list(mine[m:mine_at]), list(theirs[t:theirs_at])
        if other in (was, ours):
            lines += ours
        elif ours == was:
            lines += other
        elif resolve is not None:
            lines += resolve(was, ours, other)
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
    others = SequenceMatcher(None, base, theirs, autojunk=False).get_matching_blocks()
    i = j = 0
    while i < len(ours) and j < len(others):
        one, other = ours[i], others[j]
        start = max(one.a, other.a)
        end = min(one.a + one.size, other.a + other.size)
        if start < end:
            yield start, one.b + start - one.a, other.b + start - other.a, end - start
        if one.a + one.size < other.a + other.size:
            i += 1
        else:
            j += 1
    yield len(base), len(mine), len(theirs), 0
