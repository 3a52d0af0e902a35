"""Say where MJML is wrong before mrml sees it.

Mrml gives no line, and takes much of it without a word.

The table of elements is npm's MJML 5.4.1 (elements.json, MIT). What mrml can't do, or does badly,
is refused here too.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from newsletter.i18n import Phrase
from newsletter.render.mjml.attribute_types import describe_type, is_valid_value
from newsletter.render.mjml.tokenizer import (
    CONDITIONAL_COMMENT,
    VOID_ELEMENTS,
    MjmlToken,
    TokenKind,
    to_line_and_column,
    tokenize,
)

#: Deeper than any letter; mrml's recursion ends the process at about 20,000.
MAX_DEPTH = 100
_GLOBAL_ATTRIBUTES = frozenset({"css-class", "mj-class"})
_TAGS_WITH_ANY_ATTRIBUTE = frozenset({"mj-all", "mj-class"})
#: These may hold anything within mj-attributes.
_INCLUDE_UNSUPPORTED = Phrase(
    "mj-include loses the width of the letter. Use {include} instead.", include="{% include %}"
)
#: (element, attribute, value; None: any) that mrml 6 gets wrong, and the cure.
_UNSUPPORTED: dict[tuple[str, str | None, str | None], Phrase] = {
    ("mj-include", None, None): _INCLUDE_UNSUPPORTED,
    ("mj-html-attributes", None, None): Phrase(
        "mj-html-attributes can't be used here. Write the attributes in mj-text or mj-raw."
    ),
    ("mj-font", None, None): Phrase(
        "mj-font fetches a font from elsewhere, which tells them who reads. Use the readers' own"
        " fonts."
    ),
    ("mj-image", "sizes", None): Phrase(
        "mj-image loses sizes. Leave it out; width says how wide the picture is."
    ),
    ("mj-raw", "position", "file-start"): Phrase(
        "mj-raw can't stand before the document. Take position away."
    ),
    ("mj-style", "inline", "inline"): Phrase(
        "mj-style isn't inlined. Put these rules into inline.css.j2."
    ),
    ("mj-table", "role", "presentation"): Phrase(
        "mj-table loses role. Write a <table role=presentation> in mj-text."
    ),
    ("mj-hero", "mode", "fluid-height"): Phrase(
        "mj-hero with fluid-height gets no height. Use mode=fixed-height."
    ),
    ("mj-wrapper", "gap", None): Phrase("mj-wrapper ignores gap. Use padding on the sections."),
}
_DOWNLEVEL_REVEALED_START = re.compile(r"<!--\[if [^\]>]*\]><!-->")
_SINGLE_COMPONENTS = frozenset({"mj-carousel", "mj-navbar"})
#: A letter has one of each; mrml takes the last, or none, without a word.
_SINGLE_STRUCTURE_TAGS = frozenset({"mjml", "mj-head", "mj-body"})
#: Rules that fetch something before anybody has looked.
_FETCHING_AT_RULES = ("@import", "@font-face")


@dataclass(frozen=True, slots=True, kw_only=True)
class MjmlProblem:
    """One mistake and its place, both counted from 1."""

    line: int
    column: int
    #: The piece of source it is about.
    raw: str
    message: Phrase


@cache
def _load_elements() -> dict[str, Any]:
    text = (files("newsletter.render.mjml") / "elements.json").read_text("utf-8")
    return dict(json.loads(text)["elements"])


def _find_mjml_parent(parents: list[str]) -> str:
    """Return the innermost element of MJML that is open; "the letter" where there is none."""
    return next((parent for parent in reversed(parents) if parent.startswith("mj")), "the letter")


def _check_takes_content(parents: list[str], why: Phrase) -> Iterator[Phrase]:
    """Yield `why` where the innermost element takes no text and no HTML."""
    if not _load_elements().get(_find_mjml_parent(parents), {}).get("text"):
        yield why


def _check_unsupported(token: MjmlToken) -> Iterator[Phrase]:
    given = {a.name: a.value for a in token.attributes}
    for (element, attribute, value), why in _UNSUPPORTED.items():
        if element == token.name and (
            attribute is None or (attribute in given and value in (None, given[attribute]))
        ):
            yield why
    if token.name == "mj-social-element" and "src" not in given:
        yield Phrase(
            "mj-social-element without src would fetch its picture from elsewhere. Give a picture"
            " of your own."
        )


def _check_attributes(token: MjmlToken, *, parent: str) -> Iterator[Phrase]:
    names = [a.name for a in token.attributes]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Phrase("{name} is given twice in {tag}.", name=name, tag=token.name)
    for attribute in token.attributes:
        if attribute.value is None:
            yield Phrase(
                "{name} in {tag} needs a value in quotes.", name=attribute.name, tag=token.name
            )
    kinds = _load_elements().get(token.name, {}).get("attributes", {})
    for attribute in token.attributes:
        kind = kinds.get(attribute.name, "string")
        if attribute.value and not is_valid_value(attribute.value, kind):
            yield Phrase(
                "{name} in {tag} can't be {value}. It takes: {kinds}.",
                name=attribute.name,
                tag=token.name,
                value=attribute.value,
                kinds=describe_type(kind),
            )
    if (
        not token.name.startswith("mj")
        or parent == "mj-attributes"
        or token.name in _TAGS_WITH_ANY_ATTRIBUTE
    ):
        return
    for name in names:
        if name not in kinds and name not in _GLOBAL_ATTRIBUTES:
            yield Phrase("{tag} has no attribute {name}.", tag=token.name, name=name)


def _check_nesting(token: MjmlToken, parents: list[str]) -> Iterator[Phrase]:
    elements = _load_elements()
    within = parents[-1] if parents else ""
    if token.name == "mj-include":
        return
    if not token.name.startswith("mj"):
        why = Phrase(
            "{tag} can't stand directly in {parent}. Put it into mj-text or mj-raw.",
            tag=token.name,
            parent=_find_mjml_parent(parents),
        )
        yield from _check_takes_content(parents, why)
    elif token.name not in elements and token.name not in _TAGS_WITH_ANY_ATTRIBUTE:
        yield Phrase("There is no {tag} in MJML.", tag=token.name)
    elif not parents:
        if token.name != "mjml":
            yield Phrase("A letter begins with mjml, not {tag}.", tag=token.name)
    elif token.name not in elements.get(within, {}).get("children", ()) and not elements.get(
        within, {}
    ).get("any"):
        yield Phrase("{tag} can't stand in {parent}.", tag=token.name, parent=within)


def _check_tag(token: MjmlToken, parents: list[str], seen_tags: set[str]) -> Iterator[Phrase]:
    within = parents[-1] if parents else ""
    if token.kind is TokenKind.closing:
        if token.name in VOID_ELEMENTS:
            return
        if not parents:
            yield Phrase("</{tag}> closes nothing.", tag=token.name)
        elif parents[-1] != token.name:
            yield Phrase(
                "</{tag}> stands where <{open}> is still open.", tag=token.name, open=parents[-1]
            )
        return
    yield from _check_nesting(token, parents)
    yield from _check_unsupported(token)
    yield from _check_attributes(token, parent=within)
    if token.name in _SINGLE_COMPONENTS and within != "mj-attributes":
        if token.name in seen_tags:
            yield Phrase("A letter can hold one {tag}: two share their ids.", tag=token.name)
        seen_tags.add(token.name)
    if token.name in _SINGLE_STRUCTURE_TAGS:
        if token.name in seen_tags:
            yield Phrase("A letter holds one {tag}.", tag=token.name)
        seen_tags.add(token.name)


def _check_text(token: MjmlToken, parents: list[str]) -> Iterator[Phrase]:
    if token.kind is TokenKind.stray_bracket:
        yield Phrase("This < begins no tag. Write &lt;, or close the tag and its quotes.")
    elif token.kind is TokenKind.css and "<" in token.raw:
        yield Phrase("CSS can't hold < here. Write max-width or min-width instead.")
    elif token.kind is TokenKind.css and any(
        rule in token.raw.lower() for rule in _FETCHING_AT_RULES
    ):
        yield Phrase(
            "Style sheets and fonts aren't fetched from elsewhere: that tells them who reads. Write"
            " the rules here."
        )
    elif token.kind is TokenKind.text and token.raw.strip("\ufeff \t\r\n"):
        yield from _check_takes_content(
            parents,
            Phrase(
                "Text can't stand in {parent}. Put it into mj-text.",
                parent=_find_mjml_parent(parents),
            ),
        )
    if any((c < " " and c not in "\t\r\n") or c in "\x7f\ufffe\uffff" for c in token.raw):
        yield Phrase("A control character stands here. Take it out.")


def _check_comment(
    token: MjmlToken, parents: list[str], open_revealed: list[MjmlToken]
) -> Iterator[Phrase]:
    """Check a comment; `revealed` holds the one that opens what all but Outlook see."""
    if token.raw.startswith("<!--[if") or "[endif]" in token.raw:
        yield from _check_takes_content(
            parents,
            Phrase(
                "Conditional comments can't stand in {parent}. Put them into mj-raw.",
                parent=_find_mjml_parent(parents),
            ),
        )
    if token.raw == "<!--<![endif]-->":
        if not open_revealed:
            yield Phrase("This ends a conditional comment that never began. Take it out.")
        open_revealed[:] = []
    elif _DOWNLEVEL_REVEALED_START.fullmatch(token.raw):
        if open_revealed:
            yield Phrase("Conditional comments can't stand within each other. End the first one.")
        open_revealed[:] = [token]
    elif "<!--" in token.raw[4:]:
        yield Phrase("A comment can't hold another. Close the first one.")
    elif token.raw.startswith("<!--[if") and not CONDITIONAL_COMMENT.fullmatch(token.raw):
        yield Phrase("A conditional comment ends with <![endif]-->, and this one doesn't.")


def _follow_nesting(token: MjmlToken, parents: list[str]) -> bool:
    """Open or close an element; return False at a closing tag that closes nothing."""
    if token.name in VOID_ELEMENTS:
        return True
    if token.kind is TokenKind.opening:
        parents.append(token.name)
    elif token.kind is TokenKind.closing:
        if not parents or parents[-1] != token.name:
            return False
        parents.pop()
    return True


def find_problems(source: str) -> Iterator[MjmlProblem]:
    """Yield what is wrong with an MJML source, in reading order.

    The first wrong closing tag ends the look.
    """
    parents: list[str] = []
    seen: set[str] = set()
    revealed: list[MjmlToken] = []
    for token in tokenize(source):
        is_tag = token.kind in (TokenKind.opening, TokenKind.closing, TokenKind.self_closing)
        found = (
            list(_check_tag(token, parents, seen)) if is_tag else list(_check_text(token, parents))
        )
        if token.kind is TokenKind.comment:
            found += _check_comment(token, parents, revealed)
        if len(parents) >= MAX_DEPTH:
            found = [Phrase("{count} elements stand within each other: too many.", count=MAX_DEPTH)]
        line, column = to_line_and_column(source, token.start) if found else (0, 0)
        for message in found:
            yield MjmlProblem(line=line, column=column, raw=token.raw, message=message)
        if len(parents) >= MAX_DEPTH:
            return
        if not _follow_nesting(token, parents):
            return
    line, column = to_line_and_column(source, len(source))
    if parents:
        yield MjmlProblem(
            line=line,
            column=column,
            raw=f"<{parents[-1]}",
            message=Phrase("<{tag}> is never closed.", tag=parents[-1]),
        )
    elif revealed:
        line, column = to_line_and_column(source, revealed[0].start)
        yield MjmlProblem(
            line=line,
            column=column,
            raw=revealed[0].raw,
            message=Phrase(
                "A conditional comment is never ended. Write <!--<![endif]--> where it ends."
            ),
        )
    elif "mj-body" not in seen:
        yield MjmlProblem(
            line=line,
            column=column,
            raw="</mjml>",
            message=Phrase("The letter has no mj-body: nothing would be shown. Write one."),
        )
