"""What a server says: a code, maybe an enhanced code, and words."""

import re
from dataclasses import dataclass

_ENHANCED_STATUS = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?=\s|$)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said."""

    code: int
    text: str

    @property
    def status(self) -> str:
        """The enhanced status code (RFC 3463), "" where there is none."""
        found = _ENHANCED_STATUS.match(self.text)
        return found[1] if found else ""

    @property
    def is_positive(self) -> bool:
        """Whether it says yes."""
        return 200 <= self.code < 300
