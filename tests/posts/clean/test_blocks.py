"""Cleaning: blocks of text out of whatever a site calls HTML, in six languages and more."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.posts.clean import BlockKind, extract_blocks, extract_plain_text
from newsletter.posts.clean.boilerplate import is_date

TEXT = "Från och med januari håller fyra bibliotek öppet alla dagar i veckan, också på söndagar."


def read_blocks(html: str, title: str = "") -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in extract_blocks(html, title=title)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", []),
        ("   ", []),
        ("<!-- -->", []),
        (f"<p>{TEXT}</p>", [("paragraph", TEXT)]),
        (TEXT, [("paragraph", TEXT)]),
        (f"{TEXT}\n\n{TEXT}", [("paragraph", TEXT), ("paragraph", TEXT)]),
        (f"{TEXT}<br><br>{TEXT}", [("paragraph", TEXT), ("paragraph", TEXT)]),
        ("<p>Delad på<br>två rader.</p>", [("paragraph", "Delad på två rader.")]),
        (f"Mer: <i>{TEXT}</i>\n\n{TEXT}", [("paragraph", f"Mer: {TEXT}"), ("paragraph", TEXT)]),
        (f"<h2>Rubrik</h2>{TEXT}", [("heading", "Rubrik"), ("paragraph", TEXT)]),
        (
            f"<p><strong>Bakgrund</strong><br>{TEXT}</p>",
            [("heading", "Bakgrund"), ("paragraph", TEXT)],
        ),
        (
            f"<p><strong>Vad händer nu?</strong><br>{TEXT}</p>",
            [("heading", "Vad händer nu?"), ("paragraph", TEXT)],
        ),
        (
            f"<p><b>Vad händer nu?</b></p><p>{TEXT}</p>",
            [("heading", "Vad händer nu?"), ("paragraph", TEXT)],
        ),
        (
            f"<p>Kort rad utan punkt</p><p>{TEXT}</p>",
            [("heading", "Kort rad utan punkt"), ("paragraph", TEXT)],
        ),
        (f"<p>Datum<br>{TEXT}</p>", [("heading", "Datum"), ("paragraph", TEXT)]),
        (f"<p><strong>{TEXT}</strong></p><p>{TEXT}</p>", [("lead", TEXT), ("paragraph", TEXT)]),
        (f'<p class="ingress">{TEXT}</p>', [("lead", TEXT)]),
        (f'<div class="article__preamble"><p>{TEXT}</p></div>', [("lead", TEXT)]),
        (f'<h2 class="entry-lead">{TEXT}</h2>', [("lead", TEXT)]),
        ("<ul><li>Ett.</li><li>Två.</li></ul>", [("item", "Ett."), ("item", "Två.")]),
        (f"<blockquote><p>{TEXT}</p></blockquote>", [("quote", TEXT)]),
        ("<pre>a\n b</pre>", [("code", "a b")]),
        (
            f"<p>3 m<sup>2</sup> och 1<sup>st</sup>. {TEXT}</p>",
            [("paragraph", f"3 m² och 1st. {TEXT}")],
        ),
        (f'<p>{TEXT}<sup><a href="#fn1">1</a></sup></p>', [("paragraph", TEXT)]),
        (f'<p>{TEXT} <a href="#fn1">[1]</a></p>', [("paragraph", TEXT)]),
        (
            f'<h2>Rubrik <a class="headerlink" href="#r">¶</a></h2><p>{TEXT}</p>',
            [("heading", "Rubrik"), ("paragraph", TEXT)],
        ),
        ("<p>Bad &amp; sol &#8211; f&ouml;r alla.</p>", [("paragraph", "Bad & sol – för alla.")]),
        (
            "<p>Mjuk\u00adt, noll\u200bbrett,\u00a0hårt\u2009blank.</p>",
            [("paragraph", "Mjukt, nollbrett, hårt blank.")],
        ),
        ("<p>läs<b>bart</b> <i>och</i>\n rakt.</p>", [("paragraph", "läsbart och rakt.")]),
    ],
)
def test_html_becomes_blocks(html: str, expected: list[tuple[str, str]]) -> None:
    assert read_blocks(html) == expected


@pytest.mark.parametrize(
    "furniture",
    [
        "<script>alert(1)</script>",
        "<style>p{color:red}</style>",
        "<template><p>Mall.</p></template>",
        "<noscript><p>Utan.</p></noscript>",
        "<figure><img alt='x'><figcaption>Barn läser i en fåtölj.</figcaption></figure>",
        "<table><tr><td>Ett värde.</td></tr></table>",
        "<nav><a href='/'>Hem.</a></nav>",
        "<aside><p>Se även vår kampanj.</p></aside>",
        "<form><label>Sök.</label><button>Sök</button></form>",
        "<iframe src='https://video.example/'>Din webbläsare visar ingen film.</iframe>",
        "<svg><text>Logga.</text></svg>",
        "<p hidden>Dold.</p>",
        "<p style='display: none'>Dold.</p>",
        "<span aria-hidden='true'>★.</span>",
        "<p class='screen-reader-text'>Läsare.</p>",
        "<p class='wp-caption-text'>Barn läser i en fåtölj.</p>",
        "<div class='sharedaddy sd-sharing-enabled'><p>Dela det här.</p></div>",
        "<div id='jp-relatedposts'><p>Liknande.</p></div>",
        "<div class='toc'><ul><li>Innehåll.</li></ul></div>",
        "<p class='entry-meta'>Av Anna.</p>",
        "<div class='footnotes'><p>1. En not.</p></div>",
        "<p><a class='more-link' href='/x'>Läs mer om detta.</a></p>",
        "<p>https://video.example/watch?v=1</p>",
        "<p>***</p>",
        "<hr>",
        "<p>&nbsp;</p>",
    ],
)
def test_what_stands_around_a_text_goes(furniture: str) -> None:
    assert read_blocks(f"{furniture}<p>{TEXT}</p>") == [("paragraph", TEXT)]
    assert read_blocks(f"<p>{TEXT}</p>{furniture}") == [("paragraph", TEXT)]


LINES = {
    "sv": [
        "Publicerad 24 november 2026 kl. 10.15",
        "2026-11-24",
        "Av Anna Andersson",
        "Text och foto: Anna Andersson",
        "Läs mer",
        "Läs mer här »",
        "Fortsätt läsa →",
        "Barn läser i en fåtölj. Foto: Anna Andersson",
        "Läs också: Så söker du bidrag.",
        "Lästid: 3 minuter.",
        "Taggar: bibliotek, böcker.",
        "Av: Redaktionen, 3 mars 2025",
        "Inlägget Biblioteken öppnar på söndagar dök först upp på Region Exempelland.",
        "Denna text är publicerad i Exempelbladet den 3 mars.",
        "Lämna en kommentar!",
    ],
    "en": [
        "Posted on November 24, 2026",
        "By John Smith on March 3, 2025",
        "Photo by Jane Doe",
        "Read more",
        "Continue reading →",
        "Read the full story.",
        "Children reading in a chair. Photo: Jane Doe",
        "See also: How to apply.",
        "3 min read",
        "Tags: library, books.",
        "Share this: Facebook.",
        "The post Libraries open on Sundays appeared first on Region.",
        "This post was originally published on our old site.",
        "Filed under: News.",
    ],
    "de": [
        "Veröffentlicht am 24. November 2026",
        "24.11.2026",
        "Von Redaktion",
        "Foto: Max Mustermann",
        "Weiterlesen",
        "Mehr erfahren »",
        "Lesen Sie auch: So geht es.",
        "Kinder lesen im Sessel. Foto: Max Mustermann",
        "Lesezeit: 3 Minuten.",
        "Schlagwörter: Bücher, Lesen.",
        "Der Beitrag Bibliotheken öffnen erschien zuerst auf Region.",
        "Dieser Artikel ist zuerst in der Zeitung erschienen.",
    ],
    "nb": [
        "Publisert 24. november 2026",
        "Av Kari Nordmann",
        "Foto: Kari Nordmann",
        "Les mer",
        "Les hele saken →",
        "Les også: Slik søker du.",
        "Lesetid: 3 minutter.",
        "Barn leser i en stol. Foto: Kari Nordmann",
        "Innlegget Bibliotekene åpner dukket først opp på Region.",
        "Stikkord: bøker, bibliotek.",
        "Denne artikkelen ble først publisert i avisen.",
    ],
    "da": [
        "Offentliggjort 24. november 2026",
        "Af Mette Jensen",
        "Foto: Mette Jensen",
        "Læs mere",
        "Læs hele artiklen →",
        "Læs også: Sådan søger du.",
        "Læsetid: 3 minutter.",
        "Børn læser i en stol. Foto: Mette Jensen",
        "Indlægget Bibliotekerne åbner blev først udgivet på Region.",
        "Emner: bøger, bibliotek.",
    ],
    "fr": [
        "Publié le 24 novembre 2026",
        "Par Marie Dupont, le 3 mars 2025",
        "Crédit photo : Marie Dupont",
        "Lire la suite",
        "En savoir plus →",
        "Lire aussi : Comment faire.",
        "Temps de lecture : 3 minutes.",
        "Des enfants lisent. Photo : Marie Dupont",
        "L’article Bibliothèques ouvertes est apparu en premier sur Région.",
        "Mots-clés : livres, lecture.",
        "Cet article a été publié dans le journal.",
    ],
    "fi": [
        "Julkaistu 24. marraskuuta 2026",
        "Lue lisää",
        "Kuva: Matti Meikäläinen",
        "Artikkeli Kirjastot julkaistiin ensimmäisen kerran Alueella.",
    ],
    "nl": [
        "Gepubliceerd op 24 november 2026",
        "Lees verder",
        "Foto: Jan Jansen",
        "Het bericht Bibliotheken verscheen eerst op Regio.",
    ],
    "es": [
        "Publicado el 24 de noviembre de 2026",
        "Leer más",
        "Foto: Juan Pérez",
        "La entrada Bibliotecas apareció primero en Región.",
    ],
}


@pytest.mark.parametrize(
    ("language", "line"), [(language, line) for language, lines in LINES.items() for line in lines]
)
def test_bylines_dates_credits_and_invitations_go_in_every_language(
    language: str, line: str
) -> None:
    assert [
        block for block in read_blocks(f"<p>{line}</p><p>{TEXT}</p>") if block[0] != "heading"
    ] == [("paragraph", TEXT)]
    assert [
        block for block in read_blocks(f"<p>{TEXT}</p><p>{line}</p>") if block[0] != "heading"
    ] == [("paragraph", TEXT)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Av alla bibliotek i länet är det här störst.",
        "By opening on Sundays, the libraries reach more people.",
        "Von Januar an sind vier Bibliotheken offen.",
        "Par ailleurs, quatre bibliothèques ouvrent.",
        "Texten handlar om fyra bibliotek i länet.",
        "Dela med dig av dina idéer till oss.",
        "Maj är årets vackraste månad.",
        "The post office opens on Sundays from January.",
        "Läs mer om hur du ansöker om stöd på vår webbplats i vår.",
        "2026 blir ett år med fler öppna bibliotek.",
        "Bilderna visar hur det nya biblioteket ska se ut.",
        "The post office appeared first on the map. It was red.",
        "Artikeln beskriver hur försöket gick.",
        "Källan till ån ligger i norr.",
        "Den 24 november 2026 öppnar biblioteket i Exempelstad.",
        "Related work shows that more people read.",
    ],
)
def test_sentences_that_begin_like_furniture_stay(sentence: str) -> None:
    assert read_blocks(f"<p>{sentence}</p>") == [("paragraph", sentence)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<p>{TEXT} <a href='/x'>Läs mer</a></p>", TEXT),
        (f"<p>{TEXT} <a class='more-link' href='/x'>Fortsätt →</a></p>", TEXT),
        (f"{TEXT} Inlägget X dök först upp på <a href='/'>Y</a>.", TEXT),
        (
            (
                f"<p>{TEXT}</p><p>The post <a href='/x'>A title. With a stop</a> appeared first on"
                " <a href='/'>B</a>.</p>"
            ),
            TEXT,
        ),
        (f"<p>{TEXT}</p><p>Der Beitrag Jul och partikelsnö erschien zuerst auf Blog.</p>", TEXT),
        ("The post is old. The post The post appeared first on Blog.", "The post is old."),
        ("Bara ett par ord", "Bara ett par ord"),
        ("Foto: Anna", "Foto: Anna"),
        (f"<h2>Rubrik</h2><p>{TEXT}</p>", TEXT),
        ("<p>Kort […]</p>", "Kort […]"),
        ("", ""),
    ],
)
def test_an_excerpt_is_one_line_without_its_tail(html: str, expected: str) -> None:
    assert extract_plain_text(html) == expected


def test_the_title_is_not_repeated_however_it_is_marked_up() -> None:
    title = "Biblioteken öppnar på söndagar!"
    for repeated in (
        f"<h1>{title}</h1>",
        "<p>Biblioteken  öppnar på <b>söndagar</b></p>",
        "<p>BIBLIOTEKEN ÖPPNAR PÅ SÖNDAGAR.</p>",
    ):
        assert read_blocks(repeated + f"<p>{TEXT}</p>", title) == [("paragraph", TEXT)]


def test_a_paragraph_of_links_goes_unless_there_is_nothing_else() -> None:
    linked = "<p><a href='/x'>Läs hur fyra bibliotek öppnar på söndagar i vår.</a></p>"
    assert read_blocks(f"{linked}<p>{TEXT}</p>") == [("paragraph", TEXT)]
    assert read_blocks(linked) == [
        ("paragraph", "Läs hur fyra bibliotek öppnar på söndagar i vår.")
    ]


def test_a_wrapper_with_an_unlucky_class_or_a_table_for_layout_keeps_its_text() -> None:
    assert read_blocks(f"<div class='related-content share'><p>{TEXT}</p></div>") == [
        ("paragraph", TEXT)
    ]
    assert read_blocks(f"<table><tr><td><p>{TEXT}</p></td></tr></table>") == [("paragraph", TEXT)]
    assert read_blocks(f"<form id='aspnetForm'><p>{TEXT}</p></form>") == [("paragraph", TEXT)]


@pytest.mark.parametrize(
    "line",
    [
        "24 november 2026",
        "Tisdag 24 nov 2026, 10:15",
        "Nov 24th, 2026",
        "2026-11-24 10:15",
        "24/11/2026",
        "le 1er mars 2025",
        "Mandag den 3. marts 2025",
        "Stand: 24.11.2026, 10:15 Uhr",
    ],
)
def test_a_date_is_known_as_one(line: str) -> None:
    assert is_date(line)


@pytest.mark.parametrize(
    "line",
    ["", "Mars", "Den 24 november öppnar vi", "2026 års budget", "Nyheter vecka 47 och 48 i länet"],
)
def test_what_holds_more_than_a_date_is_none(line: str) -> None:
    assert not is_date(line)


@given(
    st.text(
        alphabet=st.characters(codec="utf-8") | st.sampled_from("<>/&;=\"'abp \n\0"), max_size=300
    )
)
@settings(deadline=None)
def test_no_html_crashes_and_no_block_holds_a_line_break_or_a_control_character(html: str) -> None:
    for block in extract_blocks(html, title="x"):
        assert isinstance(block.kind, BlockKind)
        assert block.text
        assert block.text == " ".join(block.text.split())
        assert block.text.replace("\u200c", "").replace("\u200d", "").isprintable()
    assert "\n" not in extract_plain_text(html)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000 + "x",
        "<b><p>" * 50_000,
        "<table>" * 50_000,
        "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">x",
        "<" * 300_000,
        "&" * 300_000,
        "<li>" * 100_000,
        "läs mer " * 30_000,
    ],
    ids=["deep", "misnested", "tables", "attributes", "brackets", "ampersands", "flat", "words"],
)
def test_hostile_html_is_done_with_at_once(html: str) -> None:
    """nh3 takes minutes for the first one: its tree has no bottom."""
    began = time.process_time()
    extract_blocks(html)
    extract_plain_text(html)
    assert time.process_time() - began < 5


def test_what_is_marked_as_a_summary_below_the_text_is_no_lead() -> None:
    """Excerpts of other articles carry the same classes."""
    found = extract_blocks(
        "<p>Färjan går hela vintern, fyra turer om dagen.</p><p class='excerpt'>Biblioteket får nya"
        " öppettider från och med mars.</p>"
    )
    assert [block.kind for block in found] == [BlockKind.paragraph, BlockKind.paragraph]


@pytest.mark.parametrize("name", ["Anna Andersson", "A. Andersson", "J. R. Svensson"])
def test_a_caption_is_known_by_who_took_it_also_by_initials(name: str) -> None:
    """The line “Foto: A. Andersson” ends a caption as “Foto: Anna Andersson” does."""
    found = extract_blocks(
        f"<p>Badet i gryningen. Foto: {name}</p><p>Badet är öppet igen efter tre år, och kön var"
        " lång redan klockan sex.</p>"
    )
    assert [block.text[:12] for block in found] == ["Badet är öpp"]
