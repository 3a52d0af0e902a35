"""What a check has found."""

from dataclasses import dataclass
from enum import StrEnum

from newsletter.i18n import Phrase


class Level(StrEnum):
    """How bad it is: an error stops a send."""

    error = "error"
    warning = "warning"
    note = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that staff should look at."""

    #: Lower case with hyphens, "alt-missing": what `--accept` takes.
    code: str
    level: Level
    message: Phrase
    #: The place, in words of the issue file: "subject", a teaser's title, "newsletter.from".
    where: str = ""
