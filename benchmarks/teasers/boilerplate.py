"""What real pages put around an article.

Title, byline, date, caption, a bold line that is no heading, "read more", WordPress' tail.
"""

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.teasers.__main__ import Case

#: Language → byline, date, caption, bold line, read more, tail.
_TEXTS = {
    "sv": (
        "Av Karin Ekdahl|Publicerad 14 oktober 2025|Foto: Lars Ek|Detta har hänt|Läs mer|Inlägget"
        " {t} dök först upp på Bloggen."
    ),
    "en": (
        "By Jane Doe|Posted on October 14, 2025|Photo: John Smith|What happened|Read more|The post"
        " {t} appeared first on Blog."
    ),
    "no": (
        "Av Kari Nordmann|Publisert 14. oktober 2025|Foto: Ola Berg|Dette har skjedd|Les"
        " mer|Innlegget {t} dukket først opp på Bloggen."
    ),
    "de": (
        "Von Anna Schmidt|Veröffentlicht am 14. Oktober 2025|Foto: Max Muster|Was"
        " geschah|Weiterlesen|Der Beitrag {t} erschien zuerst auf Blog."
    ),
    "da": (
        "Af Mette Hansen|Udgivet 14. oktober 2025|Foto: Lars Holm|Det er der sket|Læs"
        " mere|Indlægget {t} blev først udgivet på Bloggen."
    ),
    "fr": (
        "Par Marie Dupont|Publié le 14 octobre 2025|Photo : Jean Martin|Ce qui est arrivé|Lire la"
        " suite|L’article {t} est apparu en premier sur Blog."
    ),
}


def add_boilerplate(case: "Case") -> "Case":
    """Return a post with all of it around its body; without class names that would give it away."""
    byline, date, caption, bold, more, tail = _TEXTS.get(case.language, _TEXTS["en"]).split("|")
    title = escape(case.title)
    before = (
        f"<h1>{title}</h1><p>{byline}</p><p>{date}</p><p><img src='https://example.org/a.jpg'"
        f" alt=''><br>{caption}</p><p><strong>{bold}</strong></p>"
    )
    signed = tail.format(t=f"<a href='https://example.org/x'>{title}</a>")
    after = f"<p><a href='https://example.org/more'>{more}</a></p><p>{signed}</p>"
    return replace(case, html=before + case.html + after)
