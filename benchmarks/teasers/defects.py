"""What is wrong with a teaser, found without the code that made it."""

import re
from collections.abc import Sequence

_END = re.compile(r"[.!?][\"'”’»›)\]*_]*\Z")
_CUT = re.compile(r"(?:\.\.|…|\[\W*\])\W*\Z")
_MARKUP = re.compile(
    r"<[a-z/!][^>]*>|\]\(|\*\*|\{\{|\{%|%\}|\}\}|&(?:nbsp|amp|quot|lt|gt|#\d+);|https?://|```|^#+"
    r" |\[\[|\]\]|\[/|(?<!\w)__\w"
)
_READ_MORE = re.compile(
    r"läs (?:hela (?:artikeln|inlägget)|mer\b)|fortsätt läsa|read more|continue"
    r" reading|weiterlesen|mehr lesen|"
    r"les (?:mer|videre)\b|læs mere|"
    r"lire la suite|dök först upp på|appeared first on|erschien zuerst auf|dukket først opp på|est"
    r" apparu en premier",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"\A(?:(?i:av|by|von|par|text|foto|photo|bild|image|tekst|skrevet av|"
    r"written by|posted by|publicerad|published|veröffentlicht|publisert|publié)\s?:?\s+"
    r"(?:[A-ZÅÄÖÆØ][a-zåäöæøéü]+\s[A-ZÅÄÖÆØ]|(?i:av |by |on |den )?\d)|(?i:foto|photo|bild|image"
    r" credits?|caption)\s?:)"
)
_DATE = re.compile(
    r"\A\W*(?:\d{4}-\d\d-\d\d|\d{1,2}\.? \w{3,10} (?:19|20)\d\d|\w{3,9} \d{1,2},"
    r" (?:19|20)\d\d)\b(?! (?:var|was|är|is|blev))"
)
_DANGLING = {
    "sv": (
        r"detta|därför|dock|dessutom|däremot|dessa|denna|denne|sedan|också|men|och|eller|han|hon|de|den"
        r" (?:är|har|ska|kan)|"
        r"därefter|således|emellertid"
    ),
    "en": (
        r"this|these|that|those|however|therefore|thus|but|and|so|also|moreover|furthermore|he|she|they|it|then"
    ),
    "no": r"dette|disse|denne|derfor|imidlertid|dessuten|også|men|og|eller|så|han|hun|de|da",
    "de": r"diese[rsmn]?|dies|deshalb|daher|jedoch|aber|und|sie|er|außerdem|dann",
    "fr": r"cela|ce|cette|ces|donc|cependant|mais|et|il|elle|ils|elles",
}


def find_hard_defects(text: str, headings: Sequence[str], title: str = "") -> list[str]:
    """Return the names of the hard defects of a teaser. `headings`: those of its post."""
    found = []
    if text and (not _END.search(text) or _CUT.search(text)):
        found.append("cut")
    if any(_is_glued(text, heading) for heading in headings):
        found.append("glued heading")
    if _is_glued(text, title):
        found.append("glued title")
    if _BYLINE.search(text) or _DATE.search(text):
        found.append("byline, date or caption")
    if _READ_MORE.search(text):
        found.append("read more")
    if _MARKUP.search(text):
        found.append("markup")
    return found


def is_dangling(text: str, language: str) -> bool:
    """Say whether a teaser opens with a word that leans on a sentence before it."""
    pattern = _DANGLING.get(language, _DANGLING["en"])
    return bool(re.match(rf"[\W_]*(?:{pattern})(?!\w)", text, re.IGNORECASE))


def _is_glued(text: str, heading: str) -> bool:
    """Return True if a heading without an end mark runs into the sentence that follows."""
    words = heading.split()
    if len(words) < 2 or re.search(r"[.!?:]\W*\Z", heading):
        return False
    return bool(
        re.search(rf"(?:\A|[.!?…]\W*\s){re.escape(' '.join(words))}\s+[\"”“]?[A-ZÅÄÖÆØÜ]", text)
    )


def _keep_letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
