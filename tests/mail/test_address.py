"""Addresses: what is taken, what is refused, and what is one mailbox."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.errors import AddressError
from newsletter.mail.address import _validate_address, address_key, parse_address, parse_mailbox


@pytest.mark.parametrize(
    ("typed", "email", "key"),
    [
        ("anna@example.org", "anna@example.org", "anna@example.org"),
        (
            "  Anna.Berg+nyhet@EXAMPLE.org ",
            "Anna.Berg+nyhet@example.org",
            "anna.berg+nyhet@example.org",
        ),
        ("o'hara@example.org", "o'hara@example.org", "o'hara@example.org"),
        (
            "info@räksmörgås.example",
            "info@xn--rksmrgs-5wao1o.example",
            "info@xn--rksmrgs-5wao1o.example",
        ),
        # IDNA 2003, and with it the standard library, would make another domain of it:
        # strasse.example.
        ("info@straße.example", "info@xn--strae-oqa.example", "info@xn--strae-oqa.example"),
        ("info@ＥＸＡＭＰＬＥ.com", "info@example.com", "info@example.com"),
        ("ÅSA@example.org", "ÅSA@example.org", "åsa@example.org"),
    ],
)
def test_one_mailbox_has_one_key(typed: str, email: str, key: str) -> None:
    """The local part stays as it is, the domain becomes A-labels.

    The key folds case and nothing else.
    """
    found = parse_address(typed)
    assert (found.email, found.key, address_key(email)) == (email, key, key)
    assert found.smtputf8 is not email.isascii()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "anna",
        "@example.org",
        "anna@",
        "anna@example",
        "anna@localhost",
        "anna@host.invalid",
        "a..b@example.org",
        ".a@example.org",
        "a@b@example.org",
        "a b@example.org",
        '"a b"@example.org',
        "a@[127.0.0.1]",
        "a@-example.org",
        "a@example-.org",
        "a@exa_mple.org",
        "Anna <anna@example.org>",
        "a@example.org,b@example.org",
        "a@example.org>\r\nRCPT TO:<b@example.org",
        "a@example.org\r\nBcc: b@example.org",
        "a\x00@example.org",
        "a\u202e@example.org",
        "a\u00a0b@example.org",
        "a@example.org\u2028x",
        "x" * 65 + "@example.org",
        "a@" + "x" * 64 + ".org",
        "a@" + ".".join(["x" * 60] * 5) + ".org",
        "å" * 10_000 + "@example.org",
        "a@xn--.org",
        "a\udce5@example.org",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    """Nothing that would need a second thought reaches an envelope.

    The message shows no control characters.
    """
    with pytest.raises(AddressError) as refused:
        parse_address(typed)
    assert str(refused.value).isprintable()


LIKELY = st.text(st.sampled_from("abcÅåZ019.-_+'@ \r\n<>,\"x"), max_size=70)


@given(st.one_of(st.text(max_size=80), LIKELY, st.builds("{}@{}".format, LIKELY, LIKELY)))
@example("a@0.aa")
@example("a@x.test")
def test_what_is_taken_is_safe_in_an_envelope(typed: str) -> None:
    """An address that passes holds no space, bracket, control character or second @.

    Its key is stable.
    """
    try:
        found = parse_address(typed)
    except AddressError:
        return
    assert found.email.count("@") == 1
    assert found.email.isprintable()
    assert not set(found.email) & set(' <>,;:\\"()[]')
    assert len(found.email.encode()) <= 254
    assert parse_address(found.email) == found
    assert address_key(found.key) == found.key


@given(
    st.from_regex(
        r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,66}@([A-Za-z0-9-]{1,65}\.){1,5}[A-Za-z]{2,9}",
        fullmatch=True,
    )
)
@example("a@example.org")
def test_the_short_way_agrees_with_the_long_one(typed: str) -> None:
    """The pattern that saves time takes nothing that email-validator refuses.

    Changes nothing differently.
    """
    try:
        short = parse_address(typed)
    except AddressError:
        with pytest.raises(AddressError):
            _validate_address(typed)
        return
    assert short == _validate_address(typed)


@pytest.mark.parametrize(
    ("text", "name", "email"),
    [
        ("Redaktionen <nyhetsbrev@example.org>", "Redaktionen", "nyhetsbrev@example.org"),
        ('"Region, \\"Norr\\"" <a@example.org>', 'Region, "Norr"', "a@example.org"),
        ("a@example.org", "", "a@example.org"),
        ("<a@example.org>", "", "a@example.org"),
    ],
)
def test_a_mailbox_is_name_and_address(text: str, name: str, email: str) -> None:
    """`newsletter.from` is read as people write it."""
    found = parse_mailbox(text)
    assert (found.name, found.address.email) == (name, email)
