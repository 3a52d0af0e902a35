"""Languages as lists write them: "sv", "sv_SE", "svenska", "Swedish", "Schwedisch"."""

import re
from functools import lru_cache

_NAMES_BY_CODE = {
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
_CODE_BY_NAME = {name: code for code, names in _NAMES_BY_CODE.items() for name in names.split()}
_LANGUAGE_TAG = re.compile(r"([a-z]{2,3})((?:[-_][a-z0-9]{2,8}){0,3})", re.IGNORECASE | re.ASCII)


@lru_cache(maxsize=4096)
def normalise_language(text: str) -> str:
    """Return a language as a BCP 47 tag, "sv" or "en-GB".

    "" where the text names none that we know.
    """
    word = text.strip().lower()
    if word in _CODE_BY_NAME:
        return _CODE_BY_NAME[word]
    match = _LANGUAGE_TAG.fullmatch(word)
    if match is None:
        return ""
    return "-".join(
        (match[1], *(_format_subtag(part) for part in re.split("[-_]", match[2]) if part))
    )


def _format_subtag(part: str) -> str:
    """Write a region in capitals and a script with one, as BCP 47 advises."""
    return {2: part.upper(), 4: part.title()}.get(len(part), part)
