"""The circuit breaker: where everybody is refused in the same words, the words are about us.

A server may refuse all we send by a code that speaks of readers. Answer by answer that can't be
seen; together it can.
"""

import re
from dataclasses import dataclass, field, replace

from newsletter.domain.delivery import Outcome, OutcomeKind

#: Refusals in a row, in the same words, with nothing accepted between: before the first acceptance
#: of a run, and after it.
INITIAL_REFUSAL_THRESHOLD, LATER_REFUSAL_THRESHOLD = 25, 100
#: Readers in a row who are said not to exist: so many are believed at once where somebody was
#: accepted before; more of them when somebody is accepted after; and from so many on it is the
#: server that has lost its list of readers, not we ours.
MAX_MISSING_BELIEVED, MISSING_FAULT_THRESHOLD = 10, 100
_WORDS_WITH_DIGITS = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]*+[0-9][0-9A-Za-z]*+")


@dataclass(slots=True)
class RefusalBreaker:
    """Counts refusals of one run (circuit breaker).

    What they say of subscribers is held back until the server has shown that it can be believed.
    """

    last_refusal: str = ""
    refusals_in_a_row: int = 0
    refusal_threshold: int = INITIAL_REFUSAL_THRESHOLD
    #: Addresses that will never work, to be suppressed.
    dead_addresses: list[str] = field(default_factory=list)
    _held_addresses: list[str] = field(default_factory=list)
    _missing_in_a_row: int = 0

    def check(self, outcome: Outcome, email: str) -> Outcome:
        """Return the outcome, as a fault of ours where too many were refused in its words.

        Those before it stay refused, and nobody was suppressed.
        """
        if outcome.kind is OutcomeKind.accepted:
            (
                self.last_refusal,
                self.refusals_in_a_row,
                self.refusal_threshold,
                self._missing_in_a_row,
            ) = "", 0, LATER_REFUSAL_THRESHOLD, 0
            self.dead_addresses += self._held_addresses
            self._held_addresses.clear()
        elif outcome.is_dead_address:
            self.last_refusal, self.refusals_in_a_row = "", 0
            return self._check_missing_mailbox(outcome, email)
        elif outcome.kind is OutcomeKind.refused and outcome.code:
            words = f"{outcome.code} {_normalise_reply(outcome.reply, email)}"
            self.refusals_in_a_row = self.refusals_in_a_row + 1 if words == self.last_refusal else 1
            self.last_refusal = words
            if self.refusals_in_a_row >= self.refusal_threshold:
                return replace(outcome, kind=OutcomeKind.our_fault)
        return outcome

    def _check_missing_mailbox(self, outcome: Outcome, email: str) -> Outcome:
        self._missing_in_a_row += 1
        if self._missing_in_a_row >= MISSING_FAULT_THRESHOLD:
            self._held_addresses.clear()
            return replace(outcome, kind=OutcomeKind.our_fault, is_dead_address=False)
        (
            self.dead_addresses
            if self.refusal_threshold == LATER_REFUSAL_THRESHOLD
            and self._missing_in_a_row <= MAX_MISSING_BELIEVED
            else self._held_addresses
        ).append(email)
        return outcome


def _normalise_reply(reply: str, email: str) -> str:
    """Take out of a reply what is about one message: address, queue id, time."""
    local, _, domain = email.partition("@")
    text = reply.casefold().replace(email.casefold(), "@").replace(domain.casefold(), "@")
    return _WORDS_WITH_DIGITS.sub("#", text.replace(f"<{local.casefold()}", "<"))
