"""Tokens: nobody can make one, and old ones work for ever."""

import hmac
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.subscriber import SubscriberId
from newsletter.errors import TokenError
from newsletter.mail.tokens import TOKEN_CHARS, Hmac, Purpose, TokenKeys, generate_key

KEYS = {1: b"1" * 32, 2: b"2" * 32, 7: b"7" * 32}
RING = TokenKeys("nyhetsbrev.example.org", KEYS)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(st.integers(0, 2**32 - 1), st.sampled_from(Purpose))
def test_a_token_leads_back_to_its_reader(number: int, purpose: Purpose) -> None:
    """28 characters that a URL takes as they are."""
    token = RING.sign(purpose, SubscriberId(number))
    assert len(token) == TOKEN_CHARS == 28
    assert set(token) <= set(ALPHABET)
    assert RING.verify(purpose, token) == number


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_the_mac_is_hmac_sha256(key: bytes, said: bytes) -> None:
    """For keys shorter and longer than a block."""
    assert Hmac(key).digest(said) == hmac.digest(key, said, "sha256")


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 66, 128])
def test_keys_around_the_length_of_a_block(length: int) -> None:
    """One of 64 bytes is used as it is, a longer one is hashed (RFC 2104, 2)."""
    key = bytes(range(length))
    assert Hmac(key).digest(b"said") == hmac.digest(key, b"said", "sha256")


def test_a_new_key_has_32_bytes() -> None:
    """As many as the MAC's hash, and never the same."""
    assert len(generate_key()) == 32
    assert generate_key() != generate_key()


@pytest.mark.parametrize(
    ("keys", "is_accepted"),
    [
        ({}, False),
        ({0: b"k" * 16}, True),
        ({255: b"k" * 16}, True),
        ({-1: b"k" * 16}, False),
        ({256: b"k" * 16}, False),
        ({1: b"k" * 15}, False),
        ({1: b"k" * 16, 2: b"k" * 15}, False),
    ],
    ids=["none", "id 0", "id 255", "id -1", "id 256", "15 bytes", "one of two has 15 bytes"],
)
def test_which_keys_a_list_takes(keys: dict[int, bytes], is_accepted: bool) -> None:
    """An id is one byte of a token; a short key could be guessed."""
    if is_accepted:
        ring = TokenKeys("l.example.org", keys)
        token = ring.sign(Purpose.confirm, SubscriberId(2**32 - 1))
        assert ring.verify_confirmation(Purpose.confirm, token) == 2**32 - 1
    else:
        with pytest.raises(ValueError, match="needs a key of 16 bytes or more, and ids from 0 to"):
            TokenKeys("l.example.org", keys)


def test_a_link_of_today_works_for_ever() -> None:
    """The very characters: whoever changes how tokens are made breaks every link ever sent."""
    assert RING.sign(Purpose.unsubscribe, SubscriberId(41)) == "B__QLuX4dphguzdOTSJuNmCRYvSs"


def test_a_token_of_an_old_key_works_and_the_newest_key_signs() -> None:
    """Rotation breaks no link that was ever sent."""
    old = TokenKeys("nyhetsbrev.example.org", {1: KEYS[1]}).sign(
        Purpose.unsubscribe, SubscriberId(41)
    )
    assert RING.verify(Purpose.unsubscribe, old) == 41
    newest = RING.sign(Purpose.unsubscribe, SubscriberId(41))
    assert (
        TokenKeys("nyhetsbrev.example.org", {7: KEYS[7]}).verify(Purpose.unsubscribe, newest) == 41
    )
    with pytest.raises(TokenError):
        TokenKeys("nyhetsbrev.example.org", {7: KEYS[7]}).verify(Purpose.unsubscribe, old)


def test_a_token_is_bound_to_its_purpose_its_list_and_its_key() -> None:
    """A link to unsubscribe confirms nothing; another list's link opens nothing here."""
    token = RING.sign(Purpose.unsubscribe, SubscriberId(5))
    for ring, purpose in (
        (RING, Purpose.confirm),
        (RING, Purpose.preferences),
        (TokenKeys("annat.example.org", KEYS), Purpose.unsubscribe),
        (TokenKeys("nyhetsbrev.example.org", {7: generate_key()}), Purpose.unsubscribe),
    ):
        with pytest.raises(TokenError):
            ring.verify(purpose, token)


def test_none_of_100000_mutated_tokens_is_accepted() -> None:
    """Every single character flipped, and random changes of one to four characters."""
    chance = random.Random(8058)  # a test that can be repeated
    token = RING.sign(Purpose.unsubscribe, SubscriberId(123_456))
    mutated = [
        token[:at] + letter + token[at + 1 :]
        for at in range(TOKEN_CHARS)
        for letter in ALPHABET
        if letter != token[at]
    ]
    while len(mutated) < 100_000:
        letters = list(RING.sign(Purpose.unsubscribe, SubscriberId(chance.randrange(2**32))))
        genuine = "".join(letters)
        for at in chance.sample(range(TOKEN_CHARS), chance.randint(1, 4)):
            letters[at] = chance.choice(ALPHABET)
        if "".join(letters) != genuine:
            mutated.append("".join(letters))
    accepted = 0
    for text in mutated:
        try:
            RING.verify(Purpose.unsubscribe, text)
        except TokenError:
            continue
        accepted += 1
    assert accepted == 0


@given(st.text(max_size=40))
def test_anything_else_is_refused_with_the_same_words(text: str) -> None:
    """An answer that tells apart what was wrong would help to guess."""
    with pytest.raises(TokenError, match="isn't one of ours"):
        RING.verify(Purpose.unsubscribe, text)


def test_row_numbers_stay_hidden() -> None:
    """Neighbours in the table share nothing but the key's number at the start of their tokens."""
    tokens = [RING.sign(Purpose.unsubscribe, SubscriberId(number)) for number in range(500)]
    assert len({token[1:7] for token in tokens}) == 500


def test_the_secret_for_message_ids_survives_rotation() -> None:
    """A resend after a rotation has the Message-ID of the first attempt."""
    assert RING.derive_secret("message-id") == TokenKeys(
        "nyhetsbrev.example.org", {1: KEYS[1]}
    ).derive_secret("message-id")
    assert RING.derive_secret("message-id") != RING.derive_secret("cookie")


def test_no_key_shows_in_a_repr() -> None:
    """Secrets stay out of tracebacks and logs."""
    assert "1111" not in repr(RING)
