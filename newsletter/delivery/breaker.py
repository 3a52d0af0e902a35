"""The breaker: where everybody is refused in the same words, the words are about us.

A server may refuse all we send by a code that speaks of readers. Answer by answer that can't be seen; together it can.
"""

import re
from dataclasses import dataclass, replace

from newsletter.domain.delivery import Outcome, OutcomeKind

#: Refusals in a row, in the same words, with nothing accepted between: before the first acceptance of a run, and after it.
AT_FIRST, LATER = 25, 100
_NUMBERS = re.compile(r"[0-9A-Za-z]*[0-9][0-9A-Za-z]*")


@dataclass(slots=True)
class Breaker:
    """Counts refusals of one run that aren't about a mailbox."""

    words: str = ""
    count: int = 0
    most: int = AT_FIRST

    def judge(self, outcome: Outcome, email: str) -> Outcome:
        """Return the outcome, or the same as a fault of ours where too many were refused in its words.

        Those before it stay refused, and nobody was suppressed.
        """
        if outcome.kind is OutcomeKind.accepted:
            self.words, self.count, self.most = "", 0, LATER
        elif outcome.kind is OutcomeKind.refused and outcome.code:
            words = "" if outcome.reader_gone else f"{outcome.code} {_without_names(outcome.reply, email)}"
            self.count = self.count + 1 if words and words == self.words else int(bool(words))
            self.words = words
            if self.count >= self.most:
                return replace(outcome, kind=OutcomeKind.ours)
        return outcome


def _without_names(reply: str, email: str) -> str:
    """Take out of a reply what is about one message: address, queue id, time."""
    local, _, domain = email.partition("@")
    text = reply.casefold().replace(email.casefold(), "@").replace(domain.casefold(), "@")
    return _NUMBERS.sub("#", text.replace(f"<{local.casefold()}", "<"))
