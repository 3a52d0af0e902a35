"""How a list is encoded."""

import codecs
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import ListError
from newsletter.subscribers.importing.encoding import detect_encoding, is_utf8

TEXT = "email;namn\r\nanna@example.org;Åsa Öberg\r\nbo@example.org;Bo Ägren\r\n"


def detect(content: bytes) -> str:
    """Return what a file with this content is taken for."""
    return detect_encoding(Path("lista.csv"), io.BytesIO(content))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32"),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode(), "utf-8"),
        (b"email\nanna@example.org\n", "utf-8"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.encode("mac_roman"), "mac_roman"),
        (TEXT.encode("cp850"), "cp850"),
        (b"", "utf-8"),
    ],
    ids=["utf-8 bom", "utf-16", "utf-16 be bom", "utf-32 le", "utf-32 be", "utf-16-le", "utf-16-be",
         "utf-8", "ascii", "windows", "mac", "dos", "empty"],
)  # fmt: skip
def test_encodings(content: bytes, encoding: str) -> None:
    """By its BOM, by its zeros, by its letters; the text comes out right."""
    found = detect(content)
    assert found == encoding
    if content:
        assert content.decode(found).lstrip("\ufeff") in (TEXT, "email\nanna@example.org\n")


def test_a_few_bad_bytes_make_no_other_encoding() -> None:
    """Rows of a second file that was pasted in are bad rows; the rest stays UTF-8."""
    assert detect(TEXT.encode() * 5 + "c@example.org;Åke\n".encode("cp1252")) == "utf-8"


def test_the_first_letter_may_stand_at_the_end() -> None:
    """A megabyte of ASCII says nothing about the å that follows."""
    assert detect(b"a@example.org\n" * 100_000 + "Å".encode("cp1252") * 3) == "cp1252"


@pytest.mark.parametrize(
    ("content", "english", "swedish"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "spreadsheet's own file", "kalkylprograms egen fil"),
        (b"%PDF-1.7\n", "no CSV file", "ingen CSV-fil"),
        (b"\x1f\x8b\x08\0", "no CSV file", "ingen CSV-fil"),
        (b"abcdefghij\0klmnopqrst" * 9, "no CSV file", "ingen CSV-fil"),
    ],
    ids=["xls", "pdf", "gzip", "binary"],
)
def test_what_is_no_text_is_told(content: bytes, english: str, swedish: str) -> None:
    """With what to do instead."""
    with pytest.raises(ListError, match=english) as raised:
        detect(content)
    assert swedish in raised.value.translate("sv")
    assert "CSV UTF-8" in raised.value.translate("sv")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
def test_utf_8_is_always_taken_for_it(text: str) -> None:
    """Whatever it says, as long as it holds no zeros."""
    raw = text.encode()
    assert is_utf8(raw)
    if not raw.startswith((b"%PDF", codecs.BOM_UTF8)):
        assert detect(raw) == "utf-8"
