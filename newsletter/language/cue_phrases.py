"""Cue phrases (Edmundson 1969): words that tell what a sentence is for.

Of each language, from the table `[cue_phrases]` of its file: lists of regular expressions over text
in any case. The first five are beginnings of sentences.

    danglers       they lean on a sentence before them ("However")
    soft_danglers  a weaker kind: "It", "Det", which may also be empty
    meta           they speak of the page and not of its subject
    greetings      they say hello
    cues           they announce what a text is about
    signatures     what a content system adds by itself ("dök först upp på"), anywhere in an excerpt
    read_more      an invitation to read on, at the end of an excerpt
"""

import re
from dataclasses import dataclass
from functools import cache

from newsletter.language.language_files import read_table, read_tables, to_supported_language
from newsletter.language.words import join_alternatives


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """One language's patterns, to be matched at the beginning of a sentence."""

    dangler: re.Pattern[str]
    soft_dangler: re.Pattern[str]
    meta: re.Pattern[str]
    greeting: re.Pattern[str]
    cue: re.Pattern[str]


@cache
def get_cues(language: str) -> Cues:
    """Return a language's patterns; an unknown language gets the English ones."""
    table = read_table(to_supported_language(language), "cue_phrases")
    return Cues(
        dangler=_compile_words(table["danglers"]),
        soft_dangler=_compile_words(table["soft_danglers"]),
        meta=_compile_opening(table["meta"]),
        greeting=_compile_words(table["greetings"]),
        cue=_compile_opening(table["cues"]),
    )


@cache
def get_cms_signature() -> re.Pattern[str]:
    """Return what finds a content system's signature in an excerpt of any language."""
    return re.compile(join_alternatives(read_tables("cue_phrases"), "signatures"), re.IGNORECASE)


@cache
def get_read_more() -> re.Pattern[str]:
    """Return what finds an invitation to read on at the end of an excerpt of any language."""
    invitations = join_alternatives(read_tables("cue_phrases"), "read_more")
    return re.compile(
        rf"(?<![\s(\[|·–-])[\s(\[|·–-]*+\b(?:{invitations})\b[^.!?]{{0,80}}[\s.…»›→>\])]*+\Z",
        re.IGNORECASE,
    )


def _compile_opening(alternatives: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\W_])[\W_]*+(?:{'|'.join(alternatives)})", re.IGNORECASE)


def _compile_words(alternatives: list[str]) -> re.Pattern[str]:
    """Return what matches whole words only at a sentence's beginning."""
    return re.compile(rf"(?<![\W_])[\W_]*+(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE)
