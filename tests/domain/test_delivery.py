"""The states of a delivery and their moves."""

from itertools import product

import pytest

from newsletter.domain.delivery import FINAL_STATES, MOVES, DeliveryState

S = DeliveryState
ALLOWED = {
    (S.planned, S.claimed),
    (S.planned, S.suppressed),
    (S.claimed, S.planned),
    (S.claimed, S.sending),
    (S.claimed, S.suppressed),
    (S.claimed, S.deferred),
    (S.sending, S.planned),
    (S.sending, S.accepted),
    (S.sending, S.deferred),
    (S.sending, S.refused),
    (S.sending, S.unknown),
    (S.deferred, S.claimed),
    (S.deferred, S.refused),
    (S.deferred, S.suppressed),
    (S.unknown, S.planned),
}


@pytest.mark.parametrize(("before", "after"), list(product(DeliveryState, DeliveryState)))
def test_every_pair_of_states(before: DeliveryState, after: DeliveryState) -> None:
    """What isn't drawn in the module's docstring is no move."""
    assert (after in MOVES[before]) == ((before, after) in ALLOWED)


def test_what_was_accepted_is_never_sent_again() -> None:
    """No reader gets an issue twice: no way leads out of accepted, refused or suppressed."""
    for state in (S.accepted, S.refused, S.suppressed):
        assert not MOVES[state]
        assert state in FINAL_STATES
