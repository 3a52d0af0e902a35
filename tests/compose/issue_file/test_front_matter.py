"""The settings at the head of an issue file."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.issue_file import front_matter
from newsletter.compose.issue_file.syntax import to_one_line
from newsletter.errors import IssueFileError

HEAD = ["---", "subject: Nytt", "language: sv", "---"]


def parse_setting(line: str) -> front_matter.FrontMatter:
    """Return the front matter with one more line, the fourth."""
    return front_matter.parse([*HEAD[:3], line, "---"], "n")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("preheader: Ett, två", "Ett, två"),
        ("preheader:", ""),
        ("preheader:   Ett  ", "Ett"),
        ('preheader: "Ett: två"', "Ett: två"),
        (r'preheader: "Ett \"två\" \u00e5"', 'Ett "två" å'),
        ("preheader: 'Ett ''två'''", "Ett 'två'"),
        ("preheader: Ett # två", "Ett # två"),
        ("preheader: a: b", "a: b"),
        ("preheader : Ett", "Ett"),
        ('preheader: "Ett\\nTvå"', "Ett Två"),
    ],
)
def test_a_value_is_read_as_it_was_meant(line: str, value: str) -> None:
    """Plain, in either kind of quotes, with what YAML would stumble over."""
    assert parse_setting(line).values["preheader"] == value


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], 'line 1: an issue begins with the line "---"'),
        (["subject: x"], 'line 1: an issue begins with the line "---"'),
        (HEAD[:3], 'line 1: the line "---" that ends the head is missing'),
        (["---", "language: sv", "---"], "line 1: subject is missing"),
        (["---", "subject: x", "---"], "line 1: language is missing"),
        ([*HEAD[:3], "subject: y", "---"], "line 4: subject is there twice"),
        ([*HEAD[:3], "subjekt: y", "---"], "line 4: subjekt is unknown. Did you mean subject?"),
        ([*HEAD[:3], "zzz: y", "---"], "line 4: zzz is unknown. Delete it; known are subject,"),
        ([*HEAD[:3], "bara text", "---"], 'line 4: write "name: value" here'),
        ([*HEAD[:3], "preheader: >-", "---"], "line 4: write preheader on one line"),
        ([*HEAD[:3], 'preheader: "Ett', "---"], "line 4: preheader begins with a quotation mark"),
        ([*HEAD[:3], "preheader: " + "a" * 1_001, "---"], "line 4: preheader has 1001 characters"),
    ],
)
def test_what_cant_be_understood_is_refused_with_its_line(lines: list[str], message: str) -> None:
    """Nothing that a person typed is dropped silently."""
    with pytest.raises(IssueFileError) as caught:
        front_matter.parse(lines, "n")
    assert str(caught.value).startswith(f"n.md, {message}")


@pytest.mark.parametrize(
    ("value", "number"),
    [("12", 12), ("", None), ("0", 0), ("007", 7), ("999999999", 999_999_999)],
)
def test_a_number_is_whole(value: str, number: int | None) -> None:
    """Digits, or nothing."""
    found = front_matter.parse_number(parse_setting(f"number: {value}"), "n")
    assert found == number


@pytest.mark.parametrize("value", ["12 b", "-1", "1.5", "１２", "1234567890", "tolv"])
def test_what_is_no_number_is_refused(value: str) -> None:
    """With its line."""
    with pytest.raises(IssueFileError, match=r"n\.md, line 4: number is"):
        front_matter.parse_number(parse_setting(f"number: {value}"), "n")


def test_a_date_is_iso() -> None:
    """ISO 8601, or nothing."""
    found = front_matter.parse_date(parse_setting("date: 2026-12-01"), "n")
    assert found == datetime.date(2026, 12, 1)
    assert front_matter.parse_date(parse_setting("date:"), "n") is None
    for value in ("1/12/2026", "2026-13-01", "i dag"):
        with pytest.raises(IssueFileError, match=r"line 4: date is"):
            front_matter.parse_date(parse_setting(f"date: {value}"), "n")


@pytest.mark.parametrize("language", ["sv", "sv-FI", "de-CH-1996", "zh-Hant"])
def test_a_language_is_a_tag(language: str) -> None:
    """BCP 47."""
    head = front_matter.parse(["---", "subject: x", f"language: {language}", "---"], "n")
    assert front_matter.parse_language(head, "n") == language


@pytest.mark.parametrize("language", ["", "s", "svenska språket", "sv_FI", "../sv"])
def test_what_is_no_language_is_refused(language: str) -> None:
    """It becomes the `lang` of the letter."""
    head = front_matter.parse(["---", "subject: x", f"language: {language}", "---"], "n")
    with pytest.raises(IssueFileError, match=r"line 3: .* is no language"):
        front_matter.parse_language(head, "n")


@given(subject=st.text(max_size=80).map(to_one_line), preheader=st.text().map(to_one_line))
def test_any_text_comes_back(subject: str, preheader: str) -> None:
    """Whatever it looks like in YAML: true, 12, - a, {b}, "c."""
    values = {"subject": subject, "preheader": preheader, "language": "sv"}
    lines = front_matter.serialise(values)
    found = front_matter.parse(lines, "n")
    assert found.values == values
    assert found.line_count == len(lines)


@pytest.mark.parametrize("text", ["true", "No", "~", "- a", "{b}", "1", "a: b", "a #b", "&c", "@"])
def test_what_yaml_reads_otherwise_is_quoted(text: str) -> None:
    """So that other programs read the same text."""
    assert front_matter.serialise({"subject": text})[1] == f'subject: "{text}"'


@pytest.mark.parametrize("text", ["Nytt i december", "Är det så? Ja!", "a:b", "C#"])
def test_plain_text_needs_no_quotes(text: str) -> None:
    """Staff write none either."""
    assert front_matter.serialise({"subject": text})[1] == f"subject: {text}"


@pytest.mark.parametrize(
    ("texts", "number"),
    [
        ({}, 1),
        ({"a": "---\nnumber: 7\n---\n"}, 8),
        ({"a": "---\nnumber: 7\n---", "b": '---\nnumber: "12"\n---', "c": "number: tolv"}, 13),
        ({"a": "---\nsubject: x\n---\n" + "x" * 5_000 + "\nnumber: 99\n"}, 1),
    ],
)
def test_the_next_number_is_one_more_than_the_highest(texts: dict[str, str], number: int) -> None:
    """Of the heads alone: a line in a text far below is none."""
    assert front_matter.find_next_number(texts) == number
