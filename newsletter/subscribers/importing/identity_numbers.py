"""Tell national identity numbers: Swedish, Norwegian, Danish and Finnish ones.

No newsletter needs them, and the law asks for a reason to keep them (3 kap. 10 § dataskyddslagen).
"""

import re

from newsletter.language.list_headers import fold_text
from newsletter.language.words import to_word_set

_NUMBER = re.compile(r"(?:19|20)?(\d{2})(\d{2})(\d{2})[-+ ]?(\d{4})")
_FINNISH = re.compile(r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]", re.IGNORECASE)
_NORWEGIAN = re.compile(r"\d{6} ?\d{5}")
_HEADERS = to_word_set(
    """personnummer personnr persnr pnr samordningsnummer fodselsnummer fnr cprnr cprnummer cpr
    henkilotunnus hetu ssn socialsecuritynumber nationalid bsn burgerservicenummer dni nie nir"""
)
#: Days of coordination numbers are counted from 61 (Sweden), from 41 (Norway).
_DAYS = frozenset([*range(1, 32), *range(41, 92)])
_NORWEGIAN_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)


def is_identity_number(text: str) -> bool:
    """Return True if a cell is a person's identity number, by its form and its check digit."""
    text = text.strip()
    if _FINNISH.fullmatch(text):
        return True
    if _NORWEGIAN.fullmatch(text):
        digits = [int(digit) for digit in text if digit.isdigit()]
        total = sum(map(int.__mul__, digits, _NORWEGIAN_WEIGHTS))
        return int(text[2:4]) % 40 in range(1, 13) and total % 11 == 0
    found = _NUMBER.fullmatch(text)
    if found is None:
        return False
    if "-" in text and int(found[1]) in _DAYS and int(found[2]) in range(1, 13):
        return True  # Denmark: day and month come first, and the last digit checks nothing
    is_date = int(found[2]) in range(1, 13) and int(found[3]) in _DAYS
    return is_date and _is_luhn("".join(found.groups()))


def is_identity_header(name: str) -> bool:
    """Return True if a column is called after such numbers."""
    return "".join(filter(str.isalnum, fold_text(name))) in _HEADERS


def _is_luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(digits)]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
