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
from newsletter.render.mjml.tokens import CONDITIONAL, VOID, Kind, Token, place, tokens
from newsletter.render.mjml.values import fits, said

#: Deeper than any letter; mrml's recursion ends the process at about 20,000.
DEEPEST = 100
_EVERYWHERE = frozenset({"css-class", "mj-class"})
_ANY_ATTRIBUTE = frozenset({"mj-all", "mj-class"})
#: These may hold anything within mj-attributes.
_INCLUDE = Phrase(
    "mj-include loses the width of the letter. Use {include} instead.", include="{% include %}"
)
#: (element, attribute, value; None: any) that mrml 6 gets wrong, and the cure.
_REFUSED: dict[tuple[str, str | None, str | None], Phrase] = {
    ("mj-include", None, None): _INCLUDE,
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
_REVEALED = re.compile(r"<!--\[if [^\]>]*\]><!-->")
_ONCE = frozenset({"mj-carousel", "mj-navbar"})
#: A letter has one of each; mrml takes the last, or none, without a word.
_ONE = frozenset({"mjml", "mj-head", "mj-body"})
#: Rules that fetch something before anybody has looked.
_FETCHING = ("@import", "@font-face")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake and its place, both counted from 1."""

    line: int
    column: int
    #: The piece of source it is about.
    raw: str
    message: Phrase


@cache
def _elements() -> dict[str, Any]:
    text = (files("newsletter.render.mjml") / "elements.json").read_text("utf-8")
    return dict(json.loads(text)["elements"])


def _mj(parents: list[str]) -> str:
    """Return the innermost element of MJML that is open; "the letter" where there is none."""
    return next((parent for parent in reversed(parents) if parent.startswith("mj")), "the letter")


def _bare(parents: list[str], why: Phrase) -> Iterator[Phrase]:
    """Yield `why` where the innermost element takes no text and no HTML."""
    if not _elements().get(_mj(parents), {}).get("text"):
        yield why


def _refused(token: Token) -> Iterator[Phrase]:
    given = {a.name: a.value for a in token.attributes}
    for (element, attribute, value), why in _REFUSED.items():
        if element == token.name and (
            attribute is None or (attribute in given and value in (None, given[attribute]))
        ):
            yield why
    if token.name == "mj-social-element" and "src" not in given:
        yield Phrase(
            "mj-social-element without src would fetch its picture from elsewhere. Give a picture"
            " of your own."
        )


def _wrong_attributes(token: Token, *, within: str) -> Iterator[Phrase]:
    names = [a.name for a in token.attributes]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Phrase("{name} is given twice in {tag}.", name=name, tag=token.name)
    for attribute in token.attributes:
        if attribute.value is None:
            yield Phrase(
                "{name} in {tag} needs a value in quotes.", name=attribute.name, tag=token.name
            )
    kinds = _elements().get(token.name, {}).get("attributes", {})
    for attribute in token.attributes:
        kind = kinds.get(attribute.name, "string")
        if attribute.value and not fits(attribute.value, kind):
            yield Phrase(
                "{name} in {tag} can't be {value}. It takes: {kinds}.",
                name=attribute.name, tag=token.name, value=attribute.value, kinds=said(kind),
            )  # fmt: skip
    if not token.name.startswith("mj") or within == "mj-attributes" or token.name in _ANY_ATTRIBUTE:
        return
    for name in names:
        if name not in kinds and name not in _EVERYWHERE:
            yield Phrase("{tag} has no attribute {name}.", tag=token.name, name=name)


def _wrong_place(token: Token, parents: list[str]) -> Iterator[Phrase]:
    elements = _elements()
    within = parents[-1] if parents else ""
    if token.name == "mj-include":
        return
    if not token.name.startswith("mj"):
        why = Phrase(
            "{tag} can't stand directly in {parent}. Put it into mj-text or mj-raw.",
            tag=token.name,
            parent=_mj(parents),
        )
        yield from _bare(parents, why)
    elif token.name not in elements and token.name not in _ANY_ATTRIBUTE:
        yield Phrase("There is no {tag} in MJML.", tag=token.name)
    elif not parents:
        if token.name != "mjml":
            yield Phrase("A letter begins with mjml, not {tag}.", tag=token.name)
    elif token.name not in elements.get(within, {}).get("children", ()) and not elements.get(
        within, {}
    ).get("any"):
        yield Phrase("{tag} can't stand in {parent}.", tag=token.name, parent=within)


def _tag(token: Token, parents: list[str], seen: set[str]) -> Iterator[Phrase]:
    within = parents[-1] if parents else ""
    if token.kind is Kind.closing:
        if token.name in VOID:
            return
        if not parents:
            yield Phrase("</{tag}> closes nothing.", tag=token.name)
        elif parents[-1] != token.name:
            yield Phrase(
                "</{tag}> stands where <{open}> is still open.", tag=token.name, open=parents[-1]
            )
        return
    yield from _wrong_place(token, parents)
    yield from _refused(token)
    yield from _wrong_attributes(token, within=within)
    if token.name in _ONCE and within != "mj-attributes":
        if token.name in seen:
            yield Phrase("A letter can hold one {tag}: two share their ids.", tag=token.name)
        seen.add(token.name)
    if token.name in _ONE:
        if token.name in seen:
            yield Phrase("A letter holds one {tag}.", tag=token.name)
        seen.add(token.name)


def _text(token: Token, parents: list[str]) -> Iterator[Phrase]:
    if token.kind is Kind.bad:
        yield Phrase("This < begins no tag. Write &lt;, or close the tag and its quotes.")
    elif token.kind is Kind.css and "<" in token.raw:
        yield Phrase("CSS can't hold < here. Write max-width or min-width instead.")
    elif token.kind is Kind.css and any(rule in token.raw.lower() for rule in _FETCHING):
        yield Phrase(
            "Style sheets and fonts aren't fetched from elsewhere: that tells them who reads. Write"
            " the rules here."
        )
    elif token.kind is Kind.text and token.raw.strip("\ufeff \t\r\n"):
        yield from _bare(
            parents,
            Phrase("Text can't stand in {parent}. Put it into mj-text.", parent=_mj(parents)),
        )
    if any((c < " " and c not in "\t\r\n") or c in "\x7f\ufffe\uffff" for c in token.raw):
        yield Phrase("A control character stands here. Take it out.")


def _comment(token: Token, parents: list[str], revealed: list[Token]) -> Iterator[Phrase]:
    """Look at a comment; `revealed` holds the one that begins what all but Outlook see, until it ends."""
    if token.raw.startswith("<!--[if") or "[endif]" in token.raw:
        yield from _bare(
            parents,
            Phrase(
                "Conditional comments can't stand in {parent}. Put them into mj-raw.",
                parent=_mj(parents),
            ),
        )
    if token.raw == "<!--<![endif]-->":
        if not revealed:
            yield Phrase("This ends a conditional comment that never began. Take it out.")
        revealed[:] = []
    elif _REVEALED.fullmatch(token.raw):
        if revealed:
            yield Phrase("Conditional comments can't stand within each other. End the first one.")
        revealed[:] = [token]
    elif "<!--" in token.raw[4:]:
        yield Phrase("A comment can't hold another. Close the first one.")
    elif token.raw.startswith("<!--[if") and not CONDITIONAL.fullmatch(token.raw):
        yield Phrase("A conditional comment ends with <![endif]-->, and this one doesn't.")


def problems(source: str) -> Iterator[Problem]:
    """Yield what is wrong with an MJML source, in reading order.

    The first wrong closing tag ends the look.
    """
    parents: list[str] = []
    seen: set[str] = set()
    revealed: list[Token] = []
    for token in tokens(source):
        is_tag = token.kind in (Kind.opening, Kind.closing, Kind.whole)
        found = list(_tag(token, parents, seen)) if is_tag else list(_text(token, parents))
        if token.kind is Kind.comment:
            found += _comment(token, parents, revealed)
        if len(parents) >= DEEPEST:
            found = [Phrase("{count} elements stand within each other: too many.", count=DEEPEST)]
        line, column = place(source, token.start) if found else (0, 0)
        for message in found:
            yield Problem(line=line, column=column, raw=token.raw, message=message)
        if len(parents) >= DEEPEST:
            return
        if token.kind is Kind.closing and token.name not in VOID:
            if not parents or parents[-1] != token.name:
                return
            parents.pop()
        elif token.kind is Kind.opening and token.name not in VOID:
            parents.append(token.name)
    line, column = place(source, len(source))
    if parents:
        yield Problem(
            line=line,
            column=column,
            raw=f"<{parents[-1]}",
            message=Phrase("<{tag}> is never closed.", tag=parents[-1]),
        )
    elif revealed:
        line, column = place(source, revealed[0].start)
        yield Problem(
            line=line,
            column=column,
            raw=revealed[0].raw,
            message=Phrase(
                "A conditional comment is never ended. Write <!--<![endif]--> where it ends."
            ),
        )
    elif "mj-body" not in seen:
        yield Problem(
            line=line,
            column=column,
            raw="</mjml>",
            message=Phrase("The letter has no mj-body: nothing would be shown. Write one."),
        )
