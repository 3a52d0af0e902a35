"""Segments: which subscribers an issue goes to.

    tag:press and not language:en or (field:ort=Umeå)

    expression = all ("or" all)*        all = one ("and" one)*
    one = "not" one | "(" expression ")" | term
    term = tag:WORD | language:WORD | field:NAME=WORD        WORD may stand in "quotation marks"

What is typed becomes a value; `store.segments.matches_segment` turns that into bound parameters. It
never is SQL.
"""

import re
from dataclasses import dataclass

from newsletter.domain.segment import (
    AllOf,
    AnyOf,
    Everyone,
    HasFieldValue,
    HasLanguage,
    HasTag,
    Not,
    Segment,
)
from newsletter.errors import ListError

#: Longest expression in characters, and how deep brackets and "not" may be nested.
MAX_EXPRESSION_CHARS = 2000
MAX_NESTING_DEPTH = 50

_TOKEN_PATTERN = re.compile(
    r"""\s*(?: (?P<bracket>[()])
      | (?P<kind>tag|language|field) \s*:\s*
            (?: "(?P<quoted_name>[^"]*)" | (?P<name>[^\s()"=]+) ) (?P<rest>\s*=\s*)?
            (?(rest)(?: "(?P<quoted>[^"]*)" | (?P<value>[^\s()"]+) ))
      | (?P<word>and|or|not)(?=[\s()]|$) )""",
    re.VERBOSE | re.IGNORECASE,
)


def parse_segment(expression: str) -> Segment:
    """Return what an expression means; an empty one means everyone.

    Raises ListError, which names the place that isn't understood.
    """
    if not expression.strip():
        return Everyone()
    if len(expression) > MAX_EXPRESSION_CHARS:
        raise ListError(
            "The segment is longer than {longest} characters. Give its readers a tag of their own.",
            longest=MAX_EXPRESSION_CHARS,
        )
    reader = _SegmentParser(_tokenise(expression), expression)
    segment = reader.parse_or(0)
    if reader.next_token is not None:
        raise _build_syntax_error(expression, reader.next_token.start)
    return segment


@dataclass(frozen=True, slots=True)
class _Token:
    #: "(", ")", "and", "or", "not", "term"; "unclear": none of these, an error when the parser
    #: comes to it.
    kind: str
    start: int
    term: Segment | None = None


def _build_syntax_error(expression: str, start: int) -> ListError:
    rest = expression[start:].strip()
    example = "tag:press and not language:en"
    if not rest:
        return ListError(
            "The segment “{expression}” ends too early. Write one such as {example}.",
            expression=expression,
            example=example,
        )
    return ListError(
        "The segment isn't understood from “{rest}” on. Write one such as {example}; words with"
        " spaces stand in quotation marks.",
        rest=rest,
        example=example,
    )


def _tokenise(expression: str) -> list[_Token]:
    found: list[_Token] = []
    start = 0
    while expression[start:].strip():
        match = _TOKEN_PATTERN.match(expression, start)
        if match is None:
            return [*found, _Token("unclear", start)]
        found.append(_build_token(match))
        start = match.end()
    return found


def _build_token(match: re.Match[str]) -> _Token:
    start = match.start()
    if match["bracket"] or match["word"]:
        return _Token((match["bracket"] or match["word"]).lower(), start)
    kind = match["kind"].lower()
    name = match["quoted_name"] if match["quoted_name"] is not None else match["name"]
    value = match["quoted"] if match["quoted"] is not None else match["value"]
    if (kind == "field") != (value is not None) or not name:
        return _Token("unclear", start)
    if kind == "field":
        return _Token("term", start, HasFieldValue(name, value))
    return _Token(
        "term", start, HasTag(name) if kind == "tag" else HasLanguage(name.replace("_", "-"))
    )


class _SegmentParser:
    """A reader by recursive descent over the tokens."""

    def __init__(self, tokens: list[_Token], expression: str) -> None:
        self.tokens = tokens
        self.expression = expression
        self.position = 0

    @property
    def next_token(self) -> _Token | None:
        """The token that comes next, or None at the end."""
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def accept(self, kind: str) -> bool:
        """Step over a token of a kind, if one comes next."""
        token = self.next_token
        if token is None or token.kind != kind:
            return False
        self.position += 1
        return True

    def parse_or(self, depth: int) -> Segment:
        """Read `all ("or" all)*`."""
        parts = [self.parse_and(depth)]
        while self.accept("or"):
            parts.append(self.parse_and(depth))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def parse_and(self, depth: int) -> Segment:
        """Read `one ("and" one)*`."""
        parts = [self.parse_factor(depth)]
        while self.accept("and"):
            parts.append(self.parse_factor(depth))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def parse_factor(self, depth: int) -> Segment:
        """Read `"not" one`, a bracket or a term."""
        token = self.next_token
        if token is None or depth > MAX_NESTING_DEPTH:
            raise _build_syntax_error(
                self.expression, token.start if token else len(self.expression)
            )
        if self.accept("not"):
            return Not(self.parse_factor(depth + 1))
        if self.accept("("):
            segment = self.parse_or(depth + 1)
            if not self.accept(")"):
                raise _build_syntax_error(
                    self.expression,
                    self.next_token.start if self.next_token else len(self.expression),
                )
            return segment
        if not self.accept("term"):
            raise _build_syntax_error(self.expression, token.start)
        assert token.term is not None
        return token.term
