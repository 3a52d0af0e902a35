"""The words of a text that carry its meaning, as stems (Snowball)."""

import re
from functools import cache, lru_cache
from typing import Protocol

import snowballstemmer  # type: ignore[import-untyped]  # it has no stubs

from newsletter.language.abbreviations import to_word_set
from newsletter.language.cue_phrases import to_supported_language

_WORD = re.compile(r"[^\W_]+")
_SNOWBALL_NAMES = {
    "sv": "swedish",
    "en": "english",
    "no": "norwegian",
    "da": "danish",
    "de": "german",
    "nl": "dutch",
    "fi": "finnish",
    "fr": "french",
    "es": "spanish",
}


#: Function words of four letters and more; shorter ones are left out anyway.
_LONG_STOP_WORDS = to_word_set(
    # sv
    "alla allt andra också bara blev blir borde denna deras dess dessa detta efter eller från genom"
    " hade hans hennes ingen inom inte kommer kunde mellan många måste mycket någon något några"
    " sedan sina skulle under upp utan vara varit vara vilka vilket även året varje redan olika "
    # en
    "about after also been before being between both could does down during each even every from"
    " have having here into just like many more most much must only other ourselves over same"
    " should some such than that their them then there these they this those through under until"
    " very were what when where which while will with would your because we're it's that's "
    # no, da
    "alle andre bare ble bliver blir dette disse eller etter efter flere fordi fra gjennom gennem"
    " hadde havde hans hvor hvis ikke ingen kunne mange meget mellom mellem måtte noen nogle også"
    " over siden skal skulle skulle slik sådan under uten uden være vært været ville "
    # de, nl
    "aber alle auch aber beim dass dein denn diese dieser dieses durch eine einem einen einer eines"
    " euch haben hatte hier ihre ihren kann können mehr muss nach nicht noch nur oder ohne schon"
    " sehr sein seine sich sind über unter viel vom von wenn werden wird wurde zwischen maar deze"
    " door heeft hebben naar niet ook onder over voor waar werd worden zijn "
    # fr, es, fi
    "avec cette ces comme dans des elle être fait leur mais nous par pas plus pour qui que sans ses"
    " sont sur tous tout une vous como con desde donde entre esta este estos hasta hay más muy para"
    " pero porque que sin sobre son también todo una ovat että joka jotka kuin mutta myös niin tämä"
)


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  # snowballstemmer's own name


@cache
def _get_stemmer(language: str) -> _Stemmer:
    stemmer: _Stemmer = snowballstemmer.stemmer(_SNOWBALL_NAMES[language])
    return stemmer


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    return _get_stemmer(language).stemWord(word)


#: Short words that can't be the last of a sentence; `_EMPTY` holds longer ones that may.
_FUNCTION_WORD_LISTS = {
    "sv": (
        "och att som i på av för med till en ett den det de om eller men är var ska har från vid"
        " hos mot utan inom när där samt hur vilket så kan vill"
    ),
    "en": (
        "and that which of the a an to in on at for with by or but is are was were will from as"
        " into your our their its this these if when where who"
    ),
    "no": (
        "og at som i på av for med til en et ei den det de om eller men er var skal har fra ved mot"
        " når der hvor kan vil"
    ),
    "da": (
        "og at som i på af for med til en et den det de om eller men er var skal har fra ved mod"
        " når der hvor kan vil"
    ),
    "de": (
        "und dass der die das dem den des ein eine einer einem einen in im am an auf für mit von zu"
        " zum zur oder aber ist sind wird bei als wie wenn wo"
    ),
    "nl": (
        "en dat die de het een van in op aan voor met te of maar is zijn wordt bij als om naar door"
    ),
    "fi": "ja että joka jotka tai mutta on ovat kun jos sekä kuin",
    "fr": (
        "et que qui le la les un une des de du à au aux en dans sur pour avec par ou mais est sont"
        " dont où ce cette ces"
    ),
    "es": (
        "y que el la los las un una de del en a al con por para o pero es son como su sus este esta"
    ),
}
_FUNCTION_WORDS = {language: to_word_set(words) for language, words in _FUNCTION_WORD_LISTS.items()}


def is_function_word(word: str, language: str) -> bool:
    """Say whether a word leads on to another ("och", "the"): no sentence ends with it."""
    return word.lower() in _FUNCTION_WORDS[to_supported_language(language)]


def extract_stems(text: str, language: str) -> list[str]:
    """Return the stems of a text's content words, in order; numbers stay as they are."""
    key = to_supported_language(language)
    words = (word.lower() for word in _WORD.findall(text))
    return [
        _stem(word, key)
        for word in words
        if (len(word) > 3 or word.isdigit()) and word not in _LONG_STOP_WORDS
    ]


def is_related_stem(one: str, other: str) -> bool:
    """Say whether two stems are the same, or parts of one compound.

    "bibliotek" and "biblioteksfilial".
    """
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= 5 and (long.startswith(short) or long.endswith(short)))
