"""What SpamAssassin dislikes, read from its report; `app` asks it where it is installed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.domain.finding import Finding, Level
from newsletter.i18n import Phrase

#: Points from which it is worth a note, and the share of what a filter lets through from which it
#: is a warning.
NOTE_POINTS, WARNING_SHARE = 0.5, 0.5
#: Rules that a finding names.
MAX_SHOWN_RULES = 3
_TOTAL_LINE = re.compile(
    r"^Content analysis details:\s+\((-?[\d.]+) points, (-?[\d.]+) required\)", re.MULTILINE
)
_RULE_LINE = re.compile(
    r"^[^\S\n]*+(-?\d++\.\d++) ([A-Z0-9_]++)[^\S\n]++(.*(?:\n {20,}\S.*)*)", re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamVerdict:
    """What the filter says of one message."""

    points: float
    #: From so many points on it is taken for spam.
    limit: float
    #: (points, its name, what it means), the worst first; those that cost something.
    rules: tuple[tuple[float, str, str], ...] = ()


def parse_report(report: str) -> SpamVerdict | None:
    """Return the verdict of `spamassassin -t`, or None where it holds none."""
    totals = list(_TOTAL_LINE.finditer(report))
    if not totals:
        return None
    total = totals[-1]  # the message itself might quote a report
    rules = [
        (float(points), name, " ".join(words.split()))
        for points, name, words in _RULE_LINE.findall(report[total.end() :])
    ]
    costly = sorted((rule for rule in rules if rule[0] > 0), reverse=True)
    return SpamVerdict(points=float(total[1]), limit=float(total[2]), rules=tuple(costly))


def check_spam(verdict: SpamVerdict) -> Iterator[Finding]:
    """Yield a finding where the filter dislikes the letter."""
    if verdict.points < NOTE_POINTS:
        return
    why = "; ".join(
        f"{words} ({points:.1f}, {name})" for points, name, words in verdict.rules[:MAX_SHOWN_RULES]
    )
    level = Level.warning if verdict.points >= WARNING_SHARE * verdict.limit else Level.note
    message = Phrase(
        "SpamAssassin gives the letter {points:.1f} points, and takes it for spam from"
        " {limit:.1f}: {why}",
        points=verdict.points, limit=verdict.limit, why=why,
    )  # fmt: skip
    yield Finding(code="spam-points", level=level, message=message)
