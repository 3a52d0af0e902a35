"""Languages as lists write them: "sv", "sv_SE", "svenska", "Swedish", "Schwedisch"."""

import re
from functools import lru_cache

_NAMES = {
    "sv": "svenska swedish schwedisch swe",
    "en": "engelska english englisch eng",
    "de": "tyska german deutsch deu ger",
    "fi": "finska finnish finnisch suomi fin",
    "nb": "norska norwegian norwegisch norsk bokmål nor nob",
    "da": "danska danish dänisch dansk dan",
    "fr": "franska french französisch français fra fre",
    "es": "spanska spanish spanisch español spa",
    "pl": "polska polish polnisch polski pol",
    "ar": "arabiska arabic arabisch ara",
    "so": "somaliska somali som",
    "fa": "persiska persian persisch farsi dari fas per",
    "se": "nordsamiska samiska northern-sami sami samisch sme",
    "fit": "meänkieli",
    "rom": "romska romani",
    "yi": "jiddisch yiddish",
}
_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}
_TAG = re.compile(r"([a-z]{2,3})((?:[-_][a-z0-9]{2,8}){0,3})", re.IGNORECASE | re.ASCII)


@lru_cache(maxsize=4096)
def language_code(text: str) -> str:
    """Return a language as a BCP 47 tag, "sv" or "en-GB".

    "" where the text names none that we know.
    """
    word = text.strip().lower()
    if word in _CODES:
        return _CODES[word]
    match = _TAG.fullmatch(word)
    if match is None:
        return ""
    return "-".join((match[1], *(_subtag(part) for part in re.split("[-_]", match[2]) if part)))


def _subtag(part: str) -> str:
    """Write a region in capitals and a script with one, as BCP 47 advises."""
    return {2: part.upper(), 4: part.title()}.get(len(part), part)
