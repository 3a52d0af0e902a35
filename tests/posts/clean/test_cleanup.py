"""What stands before a text's first sentence, or between its sentences, without being of them.

Goes.
"""

import pytest

from newsletter.posts.clean import extract_blocks
from newsletter.posts.markdown.markdown_html import render_body

TEXT = (
    "Regionen satsar 12 miljoner kronor på nya cykelvägar längs kusten under de kommande två åren."
)
MORE = "De första sträckorna börjar byggas i maj."


def read_blocks(html: str, title: str = "") -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in extract_blocks(html, title=title)]


@pytest.mark.parametrize(
    "dateline",
    [
        "STOCKHOLM: ",
        "STOCKHOLM (TT). ",
        "Exempelstad 2025-03-12 – ",
        "LONDON, March 12, 2025 — ",
        "WASHINGTON (CNN) — ",
        "KABUL, Afghanistan (AP) -- ",
        "SEOUL, Aug. 20 (Yonhap) -- ",
        "Berlin (dpa) – ",
        "Exemplarstadt, 12. März 2025. ",
        "Paris, le 12 mars 2025 – ",
        "MADRID, 12 Mar. (EUROPA PRESS) – ",
        "Bad Exempel/Norrby, 3 mars 2025: ",
    ],
)
def test_a_dateline_goes(dateline: str) -> None:
    """Place, date and agency before the first sentence aren't of it."""
    assert read_blocks(f"<p>{dateline}{TEXT}</p>") == [("paragraph", TEXT)]


@pytest.mark.parametrize(
    "text",
    [
        "IKEA – den svenska möbelkedjan – öppnar ett varuhus i Exempelstad under nästa år.",
        "IKEA: Så påverkas huset av de nya reglerna för stöd till jordbruket i norr.",
        "Update, March 20, 2018: The council has decided on the new paths along the coast.",
        "Global Budget 2024 — A plan for the coast is shown to the council in May.",
        "EU: Så påverkas regionen av de nya reglerna för stöd till jordbruket i norr.",
        "Region Exempel – Nu byggs nya cykelvägar längs hela kusten under två år.",
        "Den 3 mars – Kvinnodagen är den 8 – börjar vi ta emot ansökningar om stöd.",
        "I maj 2025 – Ett år efter valet – följde kommunen upp löftena till väljarna.",
        "Vinnaren heter Anna (Norrby). Hon får 10 000 kronor för sin idé om cyklar.",
    ],
)
def test_a_sentence_that_looks_like_a_dateline_stays(text: str) -> None:
    """A name, a year or brackets alone make no dateline."""
    assert read_blocks(f"<p>{text}</p>") == [("paragraph", text)]


@pytest.mark.parametrize("mark", ["[3]", "<sup>[3]</sup>", '<sup><a href="#n">3</a></sup>'])
def test_the_numbers_of_notes_go(mark: str) -> None:
    """What is "[3]" after a word or a full stop is no text."""
    assert read_blocks(f"<p>{TEXT}{mark} {MORE}</p>") == [("paragraph", f"{TEXT} {MORE}")]


def test_a_missing_blank_between_sentences_is_put_in() -> None:
    """Editors lose it when they paste; names with a full stop in them stay."""
    assert read_blocks("<p>Anmälan öppnar i dag.Kurserna är gratis för alla unga i länet.</p>")[0][
        1
    ].startswith("Anmälan öppnar i dag. Kurserna")
    assert (
        read_blocks(
            "<p>Vi använder Node.js och System.Collections, plan.v2 och ASP.Net i arbetet.</p>"
        )[0][1].count(". ")
        == 0
    )


@pytest.mark.parametrize("label", ["Q: ", "A: ", "Fråga: ", "Svar: ", "Antwort: ", "Réponse : "])
def test_the_labels_of_questions_and_answers_go(label: str) -> None:
    """A summary has no "A:" in it."""
    assert read_blocks(f"<p>{label}{TEXT}</p>") == [("paragraph", TEXT)]


def test_a_title_run_into_the_text_goes() -> None:
    """Where the title stands before the first sentence without an end of its own.

    It isn't of that sentence.
    """
    title = "Nya cykelvägar längs kusten"
    assert read_blocks(f"<p>{title} {TEXT}</p>", title) == [("paragraph", TEXT)]
    assert read_blocks(f"<p>{title} byggs nu i hela länet, säger regionen.</p>", title)[0][
        1
    ].startswith(title)


@pytest.mark.parametrize("heading", ["<b>Bakgrund</b> Den", "<strong>Bakgrund:</strong> Den"])
def test_a_bold_heading_on_the_line_of_its_sentence_is_a_heading(heading: str) -> None:
    """The words "Bakgrund Den gamla bron" is never printed."""
    found = read_blocks(f"<p>{heading} gamla bron stängdes för tre år sedan.</p>")
    assert [kind for kind, _text in found] == ["heading", "paragraph"]
    assert found[1][1].startswith("Den gamla bron")


@pytest.mark.parametrize(
    "text",
    [
        "<b>Region Exempel</b> bygger nya cykelvägar längs hela kusten i två år.",
        "<b>Das Land</b> Exempel fördert neue Radwege an der ganzen Küste.",
        "<b>Uppdaterad 3 mars:</b> Det var fel siffror i den första texten.",
    ],
)
def test_bold_words_of_a_sentence_stay_in_it(text: str) -> None:
    """What is emphasised is no heading."""
    assert [kind for kind, _text in read_blocks(f"<p>{text}</p>")] == ["paragraph"]


@pytest.mark.parametrize(
    "byline", ["Av Karin Ek", "Karin Ek", "Text: Karin Ek", "Karin Ek | 3 mars 2025"]
)
def test_a_writers_biography_goes(byline: str) -> None:
    """A paragraph that begins with the name of the byline tells who she is."""
    life = "Karin Ek är kommunikatör på regionen och skriver om kultur och miljö."
    for html in (
        f"<p>{byline}</p><p>{life}</p><p>{TEXT}</p>",
        f"<p>{byline}</p><p>{TEXT}</p><p>{life}</p>",
    ):
        assert [text for kind, text in read_blocks(html) if kind == "paragraph"] == [TEXT]


@pytest.mark.parametrize(
    "heading", ["<h3>Nästa Steg</h3>", "<p>Nästa steg</p>", "<p><b>Nästa Steg</b></p>"]
)
def test_a_paragraph_that_takes_up_its_heading_is_no_biography(heading: str) -> None:
    """A heading is no name."""
    text = (
        heading.partition("N")[2]
        .partition("<")[0]
        .join(("N", " är att bygga vägen längs kusten, säger regionen."))
    )
    assert read_blocks(f"{heading}<p>{text}</p>")[-1] == ("paragraph", text)


def test_a_text_about_a_person_stays() -> None:
    """Without a byline of hers, and where there is nothing else."""
    life = "Karin Ek är ny regiondirektör från och med den 1 mars."
    assert read_blocks(f"<p>Av Per Ny</p><p>{life}</p>") == [("paragraph", life)]
    assert ("paragraph", life) in read_blocks(f"<p>Text: Per Ny</p><p>{life}</p><p>{TEXT}</p>")


@pytest.mark.parametrize(
    "html",
    [
        "<p><img src=a.jpg alt=''><br><em>{c}</em></p>",
        "<p><img src=a.jpg alt=''></p><p><em>{c}</em></p>",
        "<p><img src=a.jpg alt=''>{c}</p>",
        "<p><img src=a.jpg alt=''><small>{c}</small></p>",
        '<div class="article-image"><img src=a.jpg alt=""><div class="text">{c}</div></div>',
    ],
)
def test_what_a_picture_shows_is_no_text(html: str) -> None:
    """A caption is a sentence, but not of the article."""
    caption = html.format(c="Invigningen lockade många besökare.")
    found = read_blocks(f"{caption}<p>{TEXT}</p><p>{MORE} Sedan kommer resten.</p>")
    assert next(text for kind, text in found if kind == "paragraph") == TEXT


def test_a_paragraph_with_a_picture_in_it_stays() -> None:
    """Older posts begin their paragraphs with a picture at the side, and with smileys."""
    assert read_blocks(f"<p><img src=a.jpg alt=''>{TEXT} {MORE}</p>") == [
        ("paragraph", f"{TEXT} {MORE}")
    ]
    assert read_blocks(f'<p><img class="emoji" src=a.png alt="☺"> {MORE}</p>') == [
        ("paragraph", MORE)
    ]


@pytest.mark.parametrize(
    "notice",
    [
        "Den här webbplatsen använder kakor (cookies). Genom att surfa vidare godkänner du det.",
        "Du måste aktivera JavaScript för att visa sidan.",
        "Wir nutzen Cookies auf unserer Website. Einige von ihnen sind essenziell.",
        "This website uses cookies to ensure you get the best experience.",
        "Please enable JavaScript to view this page.",
        "Nous utilisons des cookies pour améliorer votre visite.",
        "Vi bruger cookies for at give dig den bedste oplevelse.",
        "Käytämme evästeitä parantaaksemme sivuston käyttökokemusta.",
        "3 kommentarer",
        "Nästa inlägg",
        "For immediate release",
    ],
)
def test_what_a_page_says_of_itself_goes(notice: str) -> None:
    """Cookies, JavaScript, comments and the way to other posts."""
    assert [
        text for kind, text in read_blocks(f"<p>{notice}</p><p>{TEXT}</p>") if kind == "paragraph"
    ] == [TEXT]


@pytest.mark.parametrize(
    "text",
    [
        "300 comments were received during the consultation.",
        "Nästa artikel i lagen handlar om avgifter för vatten.",
    ],
)
def test_sentences_that_begin_like_such_notices_stay(text: str) -> None:
    """A number of comments is news, too."""
    assert read_blocks(f"<p>{text}</p><p>{TEXT}</p>")[0] == ("paragraph", text)


def test_what_follows_a_salutation_begins_with_a_capital() -> None:
    """German letters go on in lower case after "Liebe Leute,"."""
    assert read_blocks(
        "<p>Liebe Leute,</p><p>seit gestern ist die neue Karte im Netz zu sehen.</p>"
    )[1][1].startswith("Seit gestern")


def test_the_numbers_that_count_paragraphs_go() -> None:
    """Where they count; a date with a full stop stays whole."""
    html = "<p>1. Vi bygger nya cykelvägar i hela länet.</p><p>2. De blir klara om två år.</p>"
    assert read_blocks(html) == [
        ("paragraph", "Vi bygger nya cykelvägar i hela länet."),
        ("paragraph", "De blir klara om två år."),
    ]
    date = "3. Oktober ist Feiertag, und die Ämter bleiben zu."
    assert read_blocks(f"<p>{date}</p>") == [("paragraph", date)]


def test_headings_of_older_generators_are_headings() -> None:
    """What begins with "##" ends where its line ends; a tag is no heading."""
    assert read_blocks(render_body(f"##Bakgrund\n{TEXT}")) == [
        ("heading", "Bakgrund"),
        ("paragraph", TEXT),
    ]
    assert read_blocks(render_body(f"#cykel är vårt ämne. {TEXT}"))[0][0] == "paragraph"


def test_what_is_struck_out_or_escaped_twice_is_read_as_it_was_meant() -> None:
    """Struck words aren't said, and tags that were escaped are tags."""
    assert read_blocks("<p>Vi bygger <s>tre</s> två vägar längs kusten i år.</p>") == [
        ("paragraph", "Vi bygger två vägar längs kusten i år.")
    ]
    assert read_blocks(f"&lt;p&gt;{TEXT}&lt;/p&gt;&lt;p&gt;{MORE}&lt;/p&gt;") == [
        ("paragraph", TEXT),
        ("paragraph", MORE),
    ]
    assert read_blocks("Taggen &lt;p&gt; inleder ett stycke, säger läroboken.")[0][1].endswith(
        "läroboken."
    )
    assert read_blocks(render_body(f":tada: {TEXT}")) == [("paragraph", TEXT)]
