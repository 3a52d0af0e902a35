"""The pace: never more than the rate allows, and no less for long.

The clock is moved, nobody sleeps.
"""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.rate_limit import RateLimiter


@given(st.floats(0.1, 500), st.integers(1, 400))
def test_a_rate_is_kept(rate: float, steps: int) -> None:
    """Over any time: at most a second's worth at once and then the rate.

    Nearly all of it is used.
    """
    pace, now, taken = RateLimiter(rate=rate), 0.0, 0
    for _ in range(steps):
        while pace.try_acquire("example.org", now):
            taken += 1
        wait = pace.get_delay(now)
        assert wait > 0
        now += wait
    assert taken <= 1 + rate * now + 1e-6
    assert taken >= steps - 1


def test_a_domain_has_its_own_limit() -> None:
    """One slow domain doesn't hold the others up."""
    pace = RateLimiter(domain_rates={"Slow.example": 1.0})
    assert pace.try_acquire("slow.example", 0.0)
    assert not pace.try_acquire("slow.example", 0.5)
    assert pace.list_saturated_domains(0.5) == ["slow.example"]
    assert pace.try_acquire("other.example", 0.5)
    assert pace.list_saturated_domains(1.0) == []
    assert pace.try_acquire("slow.example", 1.0)


def test_no_more_rows_are_held_than_go_soon() -> None:
    """A second's worth of a domain: the others go back.

    Where there is no limit any number may wait.
    """
    pace = RateLimiter(domain_rates={"slow.example": 2.0})
    assert [pace.try_reserve("slow.example") for _ in range(3)] == [True, True, False]
    assert pace.list_saturated_domains(0.0) == ["slow.example"]
    assert pace.try_acquire("slow.example", 0.0)
    assert pace.try_reserve("slow.example")
    assert all(pace.try_reserve("other.example") for _ in range(100))


def test_both_limits_count() -> None:
    """A slot that the whole has none of isn't taken from the domain."""
    pace = RateLimiter(rate=1.0, domain_rates={"slow.example": 2.0})
    assert pace.try_acquire("slow.example", 0.0)
    assert not pace.try_acquire("slow.example", 0.9)
    assert pace.try_acquire("slow.example", 1.0)


def test_without_limits_it_never_waits() -> None:
    """None means as fast as it goes."""
    pace = RateLimiter()
    assert all(pace.try_acquire("a.example", 0.0) for _ in range(1000))
    assert pace.get_delay(0.0) == 0.0
    assert pace.limit_prefetch(80) == 80
    assert RateLimiter(rate=2.5).limit_prefetch(80) == 3
