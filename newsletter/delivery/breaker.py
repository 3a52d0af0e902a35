"""The breaker: where everybody is refused in the same words, the words are about us.

A server may refuse all we send by a code that speaks of readers. Answer by answer that can't be
seen; together it can.
"""

import re
from dataclasses import dataclass, field, replace

from newsletter.domain.delivery import Outcome, OutcomeKind

#: Refusals in a row, in the same words, with nothing accepted between: before the first acceptance
#: of a run, and after it.
AT_FIRST, LATER = 25, 100
#: Readers in a row who are said not to exist: so many are believed at once where somebody was
#: accepted before; more of them when somebody is accepted after; and from so many on it is the
#: server that has lost its list of readers, not we ours.
BELIEVED, DOUBTED = 10, 100
_NUMBERS = re.compile(r"[0-9A-Za-z]*[0-9][0-9A-Za-z]*")


@dataclass(slots=True)
class Breaker:
    """Counts refusals of one run, and holds back what they say of readers until the server has shown that it can be believed."""

    words: str = ""
    count: int = 0
    most: int = AT_FIRST
    #: Addresses that will never work, to be suppressed.
    gone: list[str] = field(default_factory=list)
    _held: list[str] = field(default_factory=list)
    _missing: int = 0

    def judge(self, outcome: Outcome, email: str) -> Outcome:
        """Return the outcome, or the same as a fault of ours where too many were refused in its words.

        Those before it stay refused, and nobody was suppressed.
        """
        if outcome.kind is OutcomeKind.accepted:
            self.words, self.count, self.most, self._missing = "", 0, LATER, 0
            self.gone += self._held
            self._held.clear()
        elif outcome.reader_gone:
            self.words, self.count = "", 0
            return self._missed(outcome, email)
        elif outcome.kind is OutcomeKind.refused and outcome.code:
            words = f"{outcome.code} {_without_names(outcome.reply, email)}"
            self.count = self.count + 1 if words == self.words else 1
            self.words = words
            if self.count >= self.most:
                return replace(outcome, kind=OutcomeKind.ours)
        return outcome

    def _missed(self, outcome: Outcome, email: str) -> Outcome:
        self._missing += 1
        if self._missing >= DOUBTED:
            self._held.clear()
            return replace(outcome, kind=OutcomeKind.ours, reader_gone=False)
        (self.gone if self.most == LATER and self._missing <= BELIEVED else self._held).append(
            email
        )
        return outcome


def _without_names(reply: str, email: str) -> str:
    """Take out of a reply what is about one message: address, queue id, time."""
    local, _, domain = email.partition("@")
    text = reply.casefold().replace(email.casefold(), "@").replace(domain.casefold(), "@")
    return _NUMBERS.sub("#", text.replace(f"<{local.casefold()}", "<"))
