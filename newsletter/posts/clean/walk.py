"""A tree of HTML as raw blocks: lines of text, and how much of each is linked or bold."""

from dataclasses import dataclass, field, replace
from enum import Enum, auto

from newsletter.language.site_phrases import load_site_phrases
from newsletter.posts.clean import tree
from newsletter.posts.clean.elements import is_dropped, is_lead
from newsletter.posts.clean.phrases import is_read_more
from newsletter.posts.text import one_line

_KINDS = {"pre": "code", "blockquote": "quote", "li": "item", "dd": "item"} | dict.fromkeys(
    ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary", "legend"), "heading"
)
_BOLD = frozenset({"b", "strong"})
_SLANTED = frozenset({"i", "em", "small", "cite"})
_PICTURES = frozenset({"img", "picture", "svg", "video", "iframe", "figure"})
#: Captions in italics, and others in the paragraph of their picture, have no more words.
_SLANTED_CAPTION, _PLAIN_CAPTION = 40, 15
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
#: A line that ends here by <br>, and is no longer, may be a heading; hard-wrapped lines are longer
#: (characters).
_SHORT_LINE = 45
#: A heading that shares its line with a sentence has no more words.
_RUN_IN_WORDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One block as it stands in the source."""

    #: "paragraph", "heading", "item", "quote", "code", "caption".
    kind: str
    text: str
    #: Shares of the text inside links and inside bold, 0 to 1.
    linked: float = 0.0
    bold: float = 0.0
    #: The source marks it as the text's own summary.
    lead: bool = False


@dataclass(slots=True)
class _Piece:
    text: str
    linked: bool
    bold: bool
    slanted: bool = False


class _Picture(Enum):
    """Where the last picture stands: what follows it may be its caption."""

    none = auto()
    #: In the block that is open, before its text.
    here = auto()
    #: In the block before, and no text since.
    before = auto()


@dataclass(slots=True)
class _State:
    """Where the walk stands."""

    all_words: int
    flat: bool
    raws: list[Raw] = field(default_factory=list)
    pieces: list[_Piece] = field(default_factory=list)
    kinds: list[str] = field(default_factory=lambda: ["paragraph"])
    links: int = 0
    bolds: int = 0
    slants: int = 0
    picture: _Picture = _Picture.none
    leads: list[tree.Element] = field(default_factory=list)
    #: The element that was just left out: its end comes next.
    skipped: tree.Element = None


def raw_blocks(html: str) -> list[Raw]:
    """Return the blocks of any HTML in reading order; what can't be prose is left out already."""
    root = tree.parse(html)
    if root is None:
        return []
    state = _State(all_words=tree.words_in(root), flat=tree.is_flat(root))
    steps = tree.walk(root)
    event, element = next(steps, ("", root))
    while event:
        skip = _start(state, element) if event == "start" else _end(state, element, root)
        try:
            event, element = steps.send(skip)
        except StopIteration:
            break
    _flush(state)
    return state.raws


def _start(state: _State, element: tree.Element) -> bool:
    """Take in an element's beginning; True: skip what is inside."""
    name = tree.tag(element)
    if name in tree.BLOCKS:
        _flush(state)
    if _is_picture(element, name) and not any(piece.text.strip() for piece in state.pieces):
        state.picture = _Picture.here
    if is_dropped(element, state.all_words) or (
        name == "a" and is_read_more("".join(element.itertext()))
    ):
        state.skipped = element
        return True
    if name == "br":
        state.pieces.append(_Piece("\n", False, False))
    if name in _KINDS:
        state.kinds.append(_KINDS[name])
    state.links += name == "a"
    state.bolds += name in _BOLD
    state.slants += name in _SLANTED
    if is_lead(element):
        state.leads.append(element)
    _say(state, element.text, raised=name == "sup")
    return False


def _is_picture(element: tree.Element, name: str) -> bool:
    classes = element.get("class") or ""
    return name in _PICTURES and "emoji" not in classes and "smil" not in classes


def _end(state: _State, element: tree.Element, root: tree.Element) -> bool:
    name = tree.tag(element)
    if name in tree.BLOCKS:
        _flush(state)
    if element is not state.skipped:
        if name in _KINDS:
            state.kinds.pop()
        state.links -= name == "a"
        state.bolds -= name in _BOLD
        state.slants -= name in _SLANTED
        if state.leads and state.leads[-1] is element:
            state.leads.pop()
    if element is not root:
        _say(state, element.tail)
    return False


def _say(state: _State, text: str | None, *, raised: bool = False) -> None:
    if not text:
        return
    if raised and text.strip().isdigit():
        text = text.translate(_RAISED)
    parts = text.split("\n\n") if state.flat else [text]
    for number, part in enumerate(parts):
        if number:
            state.pieces.append(_Piece("\n", False, False))
            state.pieces.append(_Piece("\n", False, False))
        state.pieces.append(
            _Piece(" ".join(part.split("\n")), state.links > 0, state.bolds > 0, state.slants > 0)
        )


def _flush(state: _State) -> None:
    """End the block that is open.

    Its lines become one raw block, or several where <br> ends a heading or is doubled.
    """
    if not any(piece.text.strip() for piece in state.pieces):
        state.pieces.clear()
        if state.picture is _Picture.here:
            state.picture = _Picture.before
        return
    lines: list[list[_Piece]] = [[]]
    for piece in state.pieces:
        if piece.text == "\n":
            lines.append([])
        else:
            lines[-1].append(piece)
    state.pieces.clear()
    if state.kinds[-1] == "code":
        lines = [[piece for line in lines for piece in [*line, _Piece(" ", False, False)]]]
    for group in _groups(lines):
        for part in _without_run_in(group) if state.kinds[-1] == "paragraph" else (group,):
            raw = _raw(part, state.kinds[-1], lead=bool(state.leads))
            if raw.text:
                state.raws.append(
                    replace(raw, kind="caption") if _is_caption(raw, part, state) else raw
                )
                state.picture = _Picture.none


def _is_caption(raw: Raw, pieces: list[_Piece], state: _State) -> bool:
    """Say whether a block is what a picture shows: right after it, in italics.

    Or short, and in one paragraph with it.
    """
    if state.picture is _Picture.none or raw.kind != "paragraph" or raw.lead:
        return False
    size = len(raw.text.split())
    if _share(pieces, "slanted") > 0.9:
        return size <= _SLANTED_CAPTION
    return size <= _PLAIN_CAPTION and state.picture is _Picture.here and not state.flat


def _groups(lines: list[list[_Piece]]) -> list[list[_Piece]]:
    """Join lines that belong together."""
    groups: list[list[_Piece]] = [[]]
    for number, line in enumerate(lines):
        groups[-1].extend([*line, _Piece(" ", False, False)])
        here = _text(line)
        following = _text(lines[number + 1]) if number + 1 < len(lines) else ""
        if not here or not following or _ends_heading(line, here, following):
            groups.append([])
    return groups


def _ends_heading(line: list[_Piece], here: str, following: str) -> bool:
    if _share(line, "bold") > 0.9 and here[-1] not in ",;–-":
        return True
    return (
        len(here) <= _SHORT_LINE
        and here[-1].isalnum()
        and (following[0].isupper() or following[0].isdigit())
    )


def _without_run_in(pieces: list[_Piece]) -> tuple[list[_Piece], ...]:
    """Part a heading in bold from the sentence that follows it on its line.

    "<b>Bakgrund</b> Den gamla bron …".
    """
    size = next(
        (number for number, piece in enumerate(pieces) if piece.text.strip() and not piece.bold),
        len(pieces),
    )
    head, rest = _text(pieces[:size]), _text(pieces[size:])
    if not head or not rest[:1].isupper() or len(head.split()) > _RUN_IN_WORDS:
        return (pieces,)
    if any(word.strip(":.,").lower() in load_site_phrases().date_words for word in head.split()):
        return (pieces,)  # "Uppdaterad 3 mars: …" belongs to its sentence
    if head.endswith(":") or (
        head[-1].isalnum() and rest.split()[0].lower() in load_site_phrases().openings
    ):
        return pieces[:size], pieces[size:]
    return (pieces,)


def _raw(pieces: list[_Piece], kind: str, *, lead: bool) -> Raw:
    return Raw(
        kind=kind,
        text=_text(pieces),
        linked=_share(pieces, "linked"),
        bold=_share(pieces, "bold"),
        lead=lead,
    )


def _text(pieces: list[_Piece]) -> str:
    return one_line("".join(piece.text for piece in pieces))


def _share(pieces: list[_Piece], what: str) -> float:
    total = sum(len(piece.text.strip()) for piece in pieces)
    return (
        sum(len(piece.text.strip()) for piece in pieces if getattr(piece, what)) / total
        if total
        else 0.0
    )
