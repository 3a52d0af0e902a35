"""Write an edited issue into its file so that only the touched lines change.

    file, edited issue | parts of both | a part that is as it was: its own lines
        | a changed one: only the changed lines (three-way merge)

Style preserving, as tomlkit and ruamel.yaml are. **Invariant:**
`parse_issue(rewrite_minimally(text, issue)) == issue`. Where the lines of a person can't be kept
(they wrote what can't be merged), the part is written as compose would.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from newsletter.compose.issue_file.merge3 import merge3
from newsletter.compose.issue_file.read import parse_issue, parse_with_positions
from newsletter.compose.issue_file.write import serialise_issue
from newsletter.domain.issue import Issue, Section, Teaser, TeaserMatch, match_teasers
from newsletter.errors import IssueFileError

#: How a part is written, of its lines in the file, and of how compose writes it before and after
#: the change.
_RewritePart = Callable[[list[str], list[str], list[str]], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _FileParts:
    """A file's lines: the front matter, what stands above the first section, and each section.

    Of a section, the lines of its heading and those of each teaser.
    """

    head: list[str]
    intro: list[str]
    sections: list[tuple[list[str], list[list[str]]]]


def rewrite_minimally(text: str, edited_issue: Issue) -> str:
    """Return the file of the edited issue.

    It has the lines of `text` (one line feed each) where nothing has changed, in their order.

    Raises IssueFileError where `text` is no issue.
    """
    before, _ = parse_with_positions(text, issue_name=edited_issue.name)
    if before == edited_issue:
        return text
    canonical = serialise_issue(edited_issue)
    for changed in (_merge_changed_lines, _replace_part):
        found = "\n".join(_rewrite_parts(text, before, edited_issue, canonical, changed))
        try:
            if parse_issue(found, issue_name=edited_issue.name) == edited_issue:
                return found
        except IssueFileError:
            continue
    return canonical


def _rewrite_parts(
    text: str, before: Issue, after: Issue, canonical: str, rewrite_part: _RewritePart
) -> list[str]:
    raw, old, new = (
        _split_parts(one, after.name) for one in (text, serialise_issue(before), canonical)
    )
    teasers = _match_teasers(before, after)
    sections = _match_sections(before, after)
    parts = [
        _rewrite_front_matter(raw.head, old.head, new.head),
        rewrite_part(raw.intro, old.intro, new.intro),
    ]
    for number, (heading, others) in enumerate(new.sections):
        was = sections.get(number)
        parts.append(
            heading
            if was is None
            else rewrite_part(raw.sections[was][0], old.sections[was][0], heading)
        )
        for place, lines in enumerate(others):
            found = teasers.get((number, place))
            if found is None:
                parts.append(lines)
            else:
                s, t = found
                parts.append(rewrite_part(raw.sections[s][1][t], old.sections[s][1][t], lines))
    every = [
        raw.head,
        raw.intro,
        *(one for heading, others in raw.sections for one in (heading, *others)),
    ]
    ended = next(part for part in reversed(every) if part)
    return _join_parts([part for part in parts if part], ended)


def _merge_changed_lines(raw: list[str], old: list[str], new: list[str]) -> list[str]:
    """Carry a change over from how compose writes a part to how a person has written it."""
    if old == new:
        return raw
    return merge3(old, new, raw, _replace_lines_in_place) or []


def _replace_lines_in_place(base: list[str], mine: list[str], raw: list[str]) -> list[str]:
    """Put new lines where the old ones stand in the file, between a person's empty lines.

    Lines that are a person's alone stay, line by line.
    """
    old, new, theirs = ([line for line in lines if line.strip()] for lines in (base, mine, raw))
    if len(old) == len(new) == len(theirs):
        changed = iter([theirs[n] if old[n] == new[n] else new[n] for n in range(len(old))])
        return [next(changed) if line.strip() else line for line in raw]
    if old != theirs:
        return mine
    before = next((n for n, line in enumerate(raw) if line.strip()), len(raw))
    after = next((n for n, line in enumerate(reversed(raw)) if line.strip()), 0)
    filled = [n for n, line in enumerate(mine) if line.strip()]
    return (
        raw[:before]
        + (mine[filled[0] : filled[-1] + 1] if filled else [])
        + raw[len(raw) - after :]
    )


def _replace_part(raw: list[str], old: list[str], new: list[str]) -> list[str]:
    """Write a part that has changed as compose would."""
    return raw if old == new else new


def _rewrite_front_matter(raw: list[str], old: list[str], new: list[str]) -> list[str]:
    """Change the settings that are others, each on its line.

    A new one stands after the one that it follows in a new file.
    """
    was, now, there = _index_settings(old), _index_settings(new), _index_settings(raw)
    lines: list[str] = []
    for line in raw:
        key = _get_key(line)
        if was.get(key) == now.get(key):
            lines.append(line)
        elif key in now:
            lines.append(now[key])
    before = ""
    for key, line in now.items():
        if key not in there:
            lines.insert(
                next((n for n, one in enumerate(lines) if before and _get_key(one) == before), 0)
                + 1,
                line,
            )
        before = key
    return lines


def _index_settings(lines: Sequence[str]) -> dict[str, str]:
    return {key: line for line in lines if (key := _get_key(line))}


def _get_key(line: str) -> str:
    return line.partition(":")[0].strip() if ":" in line else ""


def _join_parts(parts: Sequence[list[str]], last_part: list[str]) -> list[str]:
    """Put the parts together.

    `last_part`: the part that ended the file, which may have no empty line at its end, or many.
    """
    lines: list[str] = []
    for part in parts[:-1]:
        lines += part
        if part == last_part and part[-1].strip():
            lines.append("")
    end = list(parts[-1])
    while end != last_part and end and not end[-1].strip():
        end.pop()
    return lines + end if end == last_part else [*lines, *end, ""]


def _split_parts(text: str, issue_name: str) -> _FileParts:
    _, places = parse_with_positions(text, issue_name=issue_name)
    lines = text.split("\n")
    # A section without a heading begins where its first teaser does.
    starts = sorted(
        {start for section, teasers in places.section_starts for start in (section, *teasers)}
    )
    end = dict(zip(starts, [*starts[1:], len(lines)], strict=False))
    sections = [
        (
            lines[section : teasers[0] if teasers else end[section]],
            [lines[start : end[start]] for start in teasers],
        )
        for section, teasers in places.section_starts
    ]
    return _FileParts(
        head=lines[: places.body_start],
        intro=lines[places.body_start : starts[0] if starts else len(lines)],
        sections=sections,
    )


def _match_teasers(before: Issue, after: Issue) -> dict[tuple[int, int], tuple[int, int]]:
    """Return for each teaser the place of the one that it was.

    The surest matches are made first; of several alike, the one at the same place.
    """
    left, now = _index_teasers(before), _index_teasers(after)
    same: dict[tuple[int, int], tuple[int, int]] = {}
    for wanted in sorted(TeaserMatch, reverse=True):
        for place, teaser in now.items():
            if place in same or wanted is TeaserMatch.none:
                continue
            here = sorted(
                (was for was, other in left.items() if match_teasers(teaser, other) is wanted),
                key=lambda was: was != place,
            )
            if here:
                same[place] = here[0]
                del left[here[0]]
    return same


def _index_teasers(issue: Issue) -> dict[tuple[int, int], Teaser]:
    return {
        (s, t): teaser
        for s, section in enumerate(issue.sections)
        for t, teaser in enumerate(section.teasers)
    }


def _match_sections(before: Issue, after: Issue) -> dict[int, int]:
    """Return for each section which one it was.

    With the same title and text, or else with the same title, or else at the same place.
    """
    left = dict(enumerate(before.sections))
    same: dict[int, int] = {}

    def take(number: int, found: list[int]) -> None:
        if number not in same and found:
            same[number] = min(found, key=lambda was: abs(was - number))
            del left[same[number]]

    for number, section in enumerate(after.sections):
        take(
            number,
            [was for was, other in left.items() if _get_heading(other) == _get_heading(section)],
        )
    for number, section in enumerate(after.sections):
        take(number, [was for was, other in left.items() if other.title == section.title])
    if len(before.sections) == len(after.sections):
        for number in range(len(after.sections)):
            take(number, [number] if number in left else [])
    return same


def _get_heading(section: Section) -> tuple[str, str]:
    return section.title, section.text
