"""A tree of HTML as raw blocks: lines of text, and how much of each is linked or bold."""

from dataclasses import dataclass, field, replace
from enum import Enum, auto

from newsletter.language.site_phrases import load_site_phrases
from newsletter.posts.clean import tree
from newsletter.posts.clean.elements import is_lead, should_drop
from newsletter.posts.clean.phrases import is_read_more
from newsletter.posts.text import to_one_line

_BLOCK_KINDS = {"pre": "code", "blockquote": "quote", "li": "item", "dd": "item"} | dict.fromkeys(
    ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary", "legend"), "heading"
)
_BOLD_TAGS = frozenset({"b", "strong"})
_ITALIC_TAGS = frozenset({"i", "em", "small", "cite"})
_PICTURE_TAGS = frozenset({"img", "picture", "svg", "video", "iframe", "figure"})
#: Captions in italics, and others in the paragraph of their picture, have no more words.
_MAX_ITALIC_CAPTION_WORDS, _MAX_PLAIN_CAPTION_WORDS = 40, 15
_SUPERSCRIPT_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
#: A line that ends here by <br>, and is no longer, may be a heading; hard-wrapped lines are longer
#: (characters).
_MAX_HEADING_LINE_CHARS = 45
#: A heading that shares its line with a sentence has no more words.
_MAX_RUN_IN_HEADING_WORDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBlock:
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


class _PicturePosition(Enum):
    """Where the last picture stands: what follows it may be its caption."""

    none = auto()
    #: In the block that is open, before its text.
    here = auto()
    #: In the block before, and no text since.
    before = auto()


@dataclass(slots=True)
class _FlattenState:
    """Where the walk stands."""

    total_chars: int
    has_no_paragraphs: bool
    raw_blocks: list[RawBlock] = field(default_factory=list)
    pieces: list[_Piece] = field(default_factory=list)
    kinds: list[str] = field(default_factory=lambda: ["paragraph"])
    open_links: int = 0
    open_bolds: int = 0
    open_italics: int = 0
    picture: _PicturePosition = _PicturePosition.none
    open_leads: list[tree.Element] = field(default_factory=list)
    #: The element that was just left out: its end comes next.
    skipped: tree.Element = None


def flatten_html(html: str) -> list[RawBlock]:
    """Return the blocks of any HTML in reading order; what can't be prose is left out already."""
    root = tree.parse_html(html)
    if root is None:
        return []
    state = _FlattenState(
        total_chars=tree.count_chars(root), has_no_paragraphs=tree.has_no_paragraphs(root)
    )
    steps = tree.walk_tree(root)
    event, element = next(steps, ("", root))
    while event:
        skip = (
            _start_element(state, element)
            if event == "start"
            else _end_element(state, element, root)
        )
        try:
            event, element = steps.send(skip)
        except StopIteration:
            break
    _flush_block(state)
    return state.raw_blocks


def _start_element(state: _FlattenState, element: tree.Element) -> bool:
    """Take in an element's beginning; True: skip what is inside."""
    name = tree.get_tag_name(element)
    if name in tree.BLOCK_TAGS:
        _flush_block(state)
    if _is_picture(element, name) and not any(piece.text.strip() for piece in state.pieces):
        state.picture = _PicturePosition.here
    if should_drop(element, state.total_chars) or (
        name == "a" and is_read_more("".join(element.itertext()))
    ):
        state.skipped = element
        return True
    if name == "br":
        state.pieces.append(_Piece("\n", False, False))
    if name in _BLOCK_KINDS:
        state.kinds.append(_BLOCK_KINDS[name])
    state.open_links += name == "a"
    state.open_bolds += name in _BOLD_TAGS
    state.open_italics += name in _ITALIC_TAGS
    if is_lead(element):
        state.open_leads.append(element)
    _append_text(state, element.text, is_superscript=name == "sup")
    return False


def _is_picture(element: tree.Element, name: str) -> bool:
    classes = element.get("class") or ""
    return name in _PICTURE_TAGS and "emoji" not in classes and "smil" not in classes


def _end_element(state: _FlattenState, element: tree.Element, root: tree.Element) -> bool:
    name = tree.get_tag_name(element)
    if name in tree.BLOCK_TAGS:
        _flush_block(state)
    if element is not state.skipped:
        if name in _BLOCK_KINDS:
            state.kinds.pop()
        state.open_links -= name == "a"
        state.open_bolds -= name in _BOLD_TAGS
        state.open_italics -= name in _ITALIC_TAGS
        if state.open_leads and state.open_leads[-1] is element:
            state.open_leads.pop()
    if element is not root:
        _append_text(state, element.tail)
    return False


def _append_text(state: _FlattenState, text: str | None, *, is_superscript: bool = False) -> None:
    if not text:
        return
    if is_superscript and text.strip().isdigit():
        text = text.translate(_SUPERSCRIPT_DIGITS)
    parts = text.split("\n\n") if state.has_no_paragraphs else [text]
    for number, part in enumerate(parts):
        if number:
            state.pieces.append(_Piece("\n", False, False))
            state.pieces.append(_Piece("\n", False, False))
        state.pieces.append(
            _Piece(
                " ".join(part.split("\n")),
                state.open_links > 0,
                state.open_bolds > 0,
                state.open_italics > 0,
            )
        )


def _flush_block(state: _FlattenState) -> None:
    """End the block that is open.

    Its lines become one raw block, or several where <br> ends a heading or is doubled.
    """
    if not any(piece.text.strip() for piece in state.pieces):
        state.pieces.clear()
        if state.picture is _PicturePosition.here:
            state.picture = _PicturePosition.before
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
    for group in _group_lines(lines):
        for part in _split_run_in_heading(group) if state.kinds[-1] == "paragraph" else (group,):
            raw = _build_raw_block(part, state.kinds[-1], lead=bool(state.open_leads))
            if raw.text:
                state.raw_blocks.append(
                    replace(raw, kind="caption") if _is_caption(raw, part, state) else raw
                )
                state.picture = _PicturePosition.none


def _is_caption(raw: RawBlock, pieces: list[_Piece], state: _FlattenState) -> bool:
    """Return True if a block is what a picture shows: right after it, in italics.

    Or short, and in one paragraph with it.
    """
    if state.picture is _PicturePosition.none or raw.kind != "paragraph" or raw.lead:
        return False
    size = len(raw.text.split())
    if _compute_share(pieces, "slanted") > 0.9:
        return size <= _MAX_ITALIC_CAPTION_WORDS
    return (
        size <= _MAX_PLAIN_CAPTION_WORDS
        and state.picture is _PicturePosition.here
        and not state.has_no_paragraphs
    )


def _group_lines(lines: list[list[_Piece]]) -> list[list[_Piece]]:
    """Join lines that belong together."""
    groups: list[list[_Piece]] = [[]]
    for number, line in enumerate(lines):
        groups[-1].extend([*line, _Piece(" ", False, False)])
        here = _join_text(line)
        following = _join_text(lines[number + 1]) if number + 1 < len(lines) else ""
        if not here or not following or _is_heading_line(line, here, following):
            groups.append([])
    return groups


def _is_heading_line(line: list[_Piece], here: str, following: str) -> bool:
    if _compute_share(line, "bold") > 0.9 and here[-1] not in ",;–-":
        return True
    return (
        len(here) <= _MAX_HEADING_LINE_CHARS
        and here[-1].isalnum()
        and (following[0].isupper() or following[0].isdigit())
    )


def _split_run_in_heading(pieces: list[_Piece]) -> tuple[list[_Piece], ...]:
    """Part a heading in bold from the sentence that follows it on its line.

    "<b>Bakgrund</b> Den gamla bron …".
    """
    size = next(
        (number for number, piece in enumerate(pieces) if piece.text.strip() and not piece.bold),
        len(pieces),
    )
    head, rest = _join_text(pieces[:size]), _join_text(pieces[size:])
    if not head or not rest[:1].isupper() or len(head.split()) > _MAX_RUN_IN_HEADING_WORDS:
        return (pieces,)
    if any(word.strip(":.,").lower() in load_site_phrases().date_words for word in head.split()):
        return (pieces,)  # "Uppdaterad 3 mars: …" belongs to its sentence
    if head.endswith(":") or (
        head[-1].isalnum() and rest.split()[0].lower() in load_site_phrases().openings
    ):
        return pieces[:size], pieces[size:]
    return (pieces,)


def _build_raw_block(pieces: list[_Piece], kind: str, *, lead: bool) -> RawBlock:
    return RawBlock(
        kind=kind,
        text=_join_text(pieces),
        linked=_compute_share(pieces, "linked"),
        bold=_compute_share(pieces, "bold"),
        lead=lead,
    )


def _join_text(pieces: list[_Piece]) -> str:
    return to_one_line("".join(piece.text for piece in pieces))


def _compute_share(pieces: list[_Piece], what: str) -> float:
    total = sum(len(piece.text.strip()) for piece in pieces)
    return (
        sum(len(piece.text.strip()) for piece in pieces if getattr(piece, what)) / total
        if total
        else 0.0
    )
