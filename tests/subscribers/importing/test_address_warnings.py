"""Addresses that are right and still worth a second look."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.subscribers.importing.address_warnings import (
    _PROVIDER_TLDS,
    ROLE_LOCAL_PARTS,
    find_address_warning,
)


def warn(local: str, *labels: str) -> str:
    """Return the warning in English, "" where there is none."""
    phrase = find_address_warning(f"{local}@{'.'.join(labels)}")
    return phrase.translate("en") if phrase is not None else ""


@pytest.mark.parametrize(
    ("labels", "meant"),
    [
        (("gmial", "com"), "gmail.com"),
        (("gmai", "com"), "gmail.com"),
        (("gmaill", "com"), "gmail.com"),
        (("GMIAL", "COM"), "gmail.com"),
        (("gmail", "con"), "gmail.com"),
        (("hotmial", "se"), "hotmail.se"),
        (("hotmail", "cmo"), "hotmail.com"),
        (("hotmaill", "con"), "hotmail.com"),
        (("outlok", "com"), "outlook.com"),
        (("iclud", "com"), "icloud.com"),
        (("comhm", "se"), "comhem.se"),
    ],
    ids=".".join,
)
def test_one_slip_of_the_finger(labels: tuple[str, ...], meant: str) -> None:
    """A letter too many, too few, another, or two that changed places; or the ending."""
    assert warn("anna", *labels).endswith(f"a typing error for {meant}?")


@pytest.mark.parametrize(
    "labels",
    [
        *[(name, ending) for name, endings in _PROVIDER_TLDS.items() for ending in endings],
        ("ymail", "com"),
        ("mail", "com"),
        ("gmx", "de"),
        ("live", "se"),
        ("gmial", "org"),
        ("gmail", "example"),
        ("mx", "gmial", "com"),
        ("telja", "se"),
        ("example", "org"),
    ],
    ids=".".join,
)
def test_no_slip(labels: tuple[str, ...]) -> None:
    """Providers themselves, others that look like them, and endings that nobody mistypes."""
    assert warn("anna", *labels) == ""


@pytest.mark.parametrize("local", sorted(ROLE_LOCAL_PARTS))
def test_mailboxes_of_offices(local: str) -> None:
    """RFC 2142's names, and what authorities use; in any case."""
    for spelled in (local, local.upper()):
        assert "belongs to an office" in warn(spelled, "example", "org")
    assert warn(f"{local}x", "example", "org") == ""


def test_a_typing_error_is_said_first() -> None:
    """It is the one that can be mended."""
    assert "typing error" in warn("info", "gmial", "com")


@given(st.emails())
def test_nothing_is_changed_and_nothing_breaks(email: str) -> None:
    """Whatever address it is; a warning repeats it as it was written, in both languages."""
    phrase = find_address_warning(email)
    if phrase is not None:
        assert email in phrase.translate("en")
        assert email in phrase.translate("sv")
