"""Find out whether the time of an answer tells who is on the list (a timing side channel).

Known and unknown addresses take turns, drawn by lot.

    sign-up by the page and by the API | a reader's own address changed to somebody's

Each address is asked for once: the second time another way through the program is gone. The times
of two kinds are compared by the test of Mann and Whitney (1947): how probable a difference like
theirs is where there is none.
"""

import http.client
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.subscribers.example_workspace import HOST, TOKEN, build_address, create_workspace
from benchmarks.subscribers.serving import serve
from newsletter.domain.subscriber import SubscriberId, SuppressionReason
from newsletter.mail.address import address_key
from newsletter.mail.tokens import Purpose
from newsletter.subscribers.suppression import suppress

#: From here on a difference counts: of six comparisons one falls below it by chance in 170 runs.
SIGNIFICANCE_LEVEL = 0.001
#: Kinds of addresses; each has its part of the list.
ACTIVE, BLOCKED, UNKNOWN = "on the list", "never to be written to", "unknown"
#: Asks for an address, with the token of who asks and the network that she asks from; returns the
#: status.
Ask = Callable[[http.client.HTTPConnection, str, str, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The times of one kind of address beside those of unknown ones, in ms."""

    case: str
    kind: str
    known: Sequence[float]
    unknown: Sequence[float]

    @property
    def share_known_first(self) -> float:
        """The share of pairs in which the known address is answered first; 0.5: no difference."""
        return 1 - _compute_mann_whitney_u(self.known, self.unknown) / (
            len(self.known) * len(self.unknown)
        )

    @property
    def probability(self) -> float:
        """The p-value of the difference (normal approximation, two-sided)."""
        mine, other = len(self.known), len(self.unknown)
        spread = (mine * other * (mine + other + 1) / 12) ** 0.5
        return 2 * statistics.NormalDist().cdf(
            -abs(_compute_mann_whitney_u(self.known, self.unknown) - mine * other / 2) / spread
        )

    @property
    def reached(self) -> bool:
        """Whether nothing can be told from it."""
        return self.probability > SIGNIFICANCE_LEVEL

    def describe(self) -> str:
        """Return it in words."""
        known, unknown = statistics.median(self.known), statistics.median(self.unknown)
        said = f"{self.case}, {self.kind}: {known:.2f} ms, unknown: {unknown:.2f} ms"
        return (
            f"{'ok ' if self.reached else 'NO '} {said};"
            f" known first in {self.share_known_first:.1%} of"
            f" pairs, p = {self.probability:.3f}"
        )


def measure(count: int) -> Iterator[Comparison]:
    """Ask for so many addresses of each kind in each case."""
    cases: dict[str, Ask] = {
        "sign-up page": _sign_up_by_page,
        "sign-up by the API": _sign_up_by_api,
        "address change": _request_address_change,
    }
    # The list: so many active ones for each case, as many that are blocked, and those who ask for
    # another address.
    blocked, askers = len(cases) * count, 2 * len(cases) * count
    with create_workspace(askers + count) as made:
        with made.database.begin() as connection:
            for number in range(blocked, askers):
                suppress(
                    connection,
                    address_key(build_address(number)),
                    SuppressionReason.complained,
                    made.clock(),
                )
        tokens = [
            made.token_keys.sign(Purpose.preferences, SubscriberId(number + 1))
            for number in range(askers, askers + count)
        ]
        with serve(made.folder) as port:
            for place, (case, ask) in enumerate(cases.items()):
                own = range(place * count, (place + 1) * count)
                addresses = [
                    (kind, build_address(start + one))
                    for kind, start in ((ACTIVE, 0), (BLOCKED, blocked), (UNKNOWN, 10**6))
                    for one in own
                ]
                times = _time_requests(port, ask, addresses, tokens)
                yield from (
                    Comparison(case=case, kind=kind, known=times[kind], unknown=times[UNKNOWN])
                    for kind in (ACTIVE, BLOCKED)
                )


def _time_requests(
    port: int, ask: Ask, addresses: list[tuple[str, str]], tokens: Sequence[str]
) -> dict[str, list[float]]:
    """Return the times of each kind, in ms."""
    random.shuffle(addresses)
    times: dict[str, list[float]] = {ACTIVE: [], BLOCKED: [], UNKNOWN: []}
    line = http.client.HTTPConnection("127.0.0.1", port)
    for place, (kind, email) in enumerate(addresses):
        began = time.perf_counter()
        status = ask(line, email, tokens[place % len(tokens)], f"2001:db8:{place:x}::1")
        times[kind].append((time.perf_counter() - began) * 1000)
        if status not in (200, 202):
            raise RuntimeError(f"{email} was answered with {status}")
    line.close()
    return times


def _sign_up_by_page(line: http.client.HTTPConnection, email: str, _token: str, client: str) -> int:
    return _post(line, "/subscribe", urlencode({"email": email}), {"X-Forwarded-For": client})


def _sign_up_by_api(line: http.client.HTTPConnection, email: str, _token: str, _client: str) -> int:
    return _post(
        line,
        "/api/subscribers",
        json.dumps({"email": email}),
        {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
    )


def _request_address_change(
    line: http.client.HTTPConnection, email: str, token: str, _client: str
) -> int:
    return _post(line, f"/p/{token}/address", urlencode({"email": email}), {})


def _post(line: http.client.HTTPConnection, path: str, body: str, headers: dict[str, str]) -> int:
    line.request(
        "POST",
        path,
        body,
        {"Host": HOST, "Content-Type": "application/x-www-form-urlencoded", **headers},
    )
    answer = line.getresponse()
    answer.read()
    return answer.status


def _compute_mann_whitney_u(ones: Sequence[float], others: Sequence[float]) -> float:
    """Return in how many pairs the one is slower; equal ones count half."""
    ranked = sorted([(value, True) for value in ones] + [(value, False) for value in others])
    ranks, at = 0.0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        ranks += sum(is_one for _, is_one in ranked[at:end]) * (at + 1 + end) / 2
        at = end
    return ranks - len(ones) * (len(ones) + 1) / 2
