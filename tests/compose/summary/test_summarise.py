"""A summary is of whole sentences, from the best source that there is."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.compose.input_formats import to_html
from newsletter.compose.summary.excerpts import accept_excerpt, is_cut
from newsletter.compose.summary.summarise import summarise
from newsletter.domain.issue import Summary, SummaryReason
from newsletter.domain.word_count import count_words
from newsletter.language.sentences import is_whole_sentence
from newsletter.posts.clean import BlockKind, TextBlock, extract_blocks

CORPUS = Path(__file__).parents[4] / "shared" / "corpora" / "posts" / "pairs.jsonl"
BODY = (
    "<h2>Öppet längre</h2><p>Från och med januari håller fyra bibliotek i regionen öppet alla dagar"
    " i veckan. Försöket pågår i ett år och följs av forskare vid högskolan i"
    " Exempelstad.</p><p>Detta gör att fler kan låna böcker. De som arbetar på vardagar får bättre"
    " möjligheter att besöka biblioteken, säger chefen Eva Ny.</p>"
)
EXCERPT = (
    "Fyra bibliotek öppnar på söndagar i januari, och forskare ska se om fler barn då hittar dit."
)


def summarise_body(
    body: str = BODY, *, excerpt: str = "", title: str = "Biblioteken öppnar", language: str = "sv"
) -> Summary:
    return summarise(title, extract_blocks(body, title=title), excerpt=excerpt, language=language)


def test_a_hand_written_excerpt_goes_first() -> None:
    """What a person wrote beats any algorithm."""
    assert summarise_body(excerpt=EXCERPT) == Summary(text=EXCERPT, reason=SummaryReason.excerpt)


def test_a_lead_goes_before_the_window() -> None:
    """An element that the source marks as its lead is the summary."""
    lead = (
        "Regionens bibliotek får längre öppettider, och på söndagar blir det sagostund för de allra"
        " minsta läsarna."
    )
    assert summarise_body(f"<p class='ingress'>{lead}</p>{BODY}") == Summary(
        text=lead, reason=SummaryReason.lead
    )


@pytest.mark.parametrize(
    "excerpt",
    [
        (
            "Från och med januari håller fyra bibliotek i regionen öppet alla dagar i veckan."
            " Försöket pågår i ett år och följs […]"
        ),
        (
            "Öppet längre Från och med januari håller fyra bibliotek i regionen öppet alla dagar i"
            " veckan. Försöket pågår i ett"
        ),
        "Fyra bibliotek öppnar på söndagar i januari, och forskare ska se om fler barn …",
        (
            "Fyra bibliotek öppnar på söndagar i januari, och forskare ska se om fler barn då"
            " hittar dit. Läs mer »"
        ),
        (
            "Fyra bibliotek öppnar på söndagar. Inlägget Biblioteken öppnar dök först upp på"
            " Regionens blogg, och där finns mer att läsa."
        ),
        (
            "Fyra bibliotek öppnar på söndagar i januari, och forskare ska se om fler barn hittar"
            " dit och"
        ),
        "Bibliotek på söndagar.",
        "ord " * 80,
    ],
)
def test_excerpts_that_no_person_wrote_are_refused(excerpt: str) -> None:
    """Cut, glued, signed, too short or too long: the text itself is read instead."""
    found = summarise_body(excerpt=excerpt)
    assert found.reason is SummaryReason.window
    assert found.text.startswith("Från och med januari")


def test_a_heading_is_never_glued_to_a_sentence() -> None:
    """The heading stays out of the summary, and the dangling sentence doesn't open it."""
    found = summarise_body()
    assert "Öppet längre" not in found.text
    assert not found.text.startswith("Detta")
    assert 25 <= found.word_count <= 50


def test_an_excerpt_cut_short_is_cut_back_to_its_last_whole_sentence() -> None:
    """Where it is all there is, what is whole of it is kept."""
    found = summarise_body(
        "", excerpt="Fyra bibliotek öppnar på söndagar i januari. Forskare ska se om fler barn […]"
    )
    assert found == Summary(
        text="Fyra bibliotek öppnar på söndagar i januari.", reason=SummaryReason.excerpt
    )


@pytest.mark.parametrize(
    "excerpt",
    [
        "Fyra bibliotek öppnar på söndagar i […]",
        "Fyra bibliotek öppnar på …",
        "Fyra bibliotek öppnar på söndagar och",
        "",
        "…",
    ],
)
def test_no_whole_sentence_gives_no_summary(excerpt: str) -> None:
    """Title, date and link stand alone rather than half a sentence."""
    assert summarise_body("", excerpt=excerpt) == Summary(text="", reason=SummaryReason.none)


def test_a_description_that_is_all_there_is_serves() -> None:
    """Most feeds hold only that, and often no full stop."""
    assert summarise_body("", excerpt="Bibliotek på söndagar") == Summary(
        text="Bibliotek på söndagar.", reason=SummaryReason.excerpt
    )


def test_a_long_description_without_a_text_is_shortened_by_sentences() -> None:
    """Never over 60 words."""
    text = "Den här gången berättar vi om ett nytt bibliotek i staden. " * 12
    found = summarise_body("", excerpt=text)
    assert found.reason is SummaryReason.excerpt
    assert 25 <= found.word_count <= 50
    assert is_whole_sentence(found.text)


def test_greetings_and_meta_sentences_do_not_open() -> None:
    """Hello, where it was first published, and follow us: none is a summary."""
    body = (
        "<p>Hej på er allihop! Denna text är tidigare publicerad i Regionbladet i våras. Tolv"
        " kommuner i regionen bygger tillsammans nya cykelvägar som ska bli klara under nästa år."
        " Arbetet kostar fyrtio miljoner kronor och betalas av staten och kommunerna gemensamt.</p>"
    )
    assert summarise_body(body).text.startswith("Tolv kommuner")


def test_a_post_of_one_endless_sentence_is_not_left_empty() -> None:
    """No summary is over 60 words, none is empty while there is text."""
    found = summarise_body("<p>" + ", ".join(["ett led till av meningen"] * 40) + ".</p>")
    assert 1 <= found.word_count <= 60
    assert is_whole_sentence(found.text)


@pytest.mark.parametrize(
    "body",
    [
        "<ul><li>Mjölk och bröd</li><li>Ost</li></ul>",
        "<h2>Bara en rubrik här</h2>",
        "<p>Ord utan slut</p>",
    ],
)
def test_a_post_without_sentences_says_what_it_has(body: str) -> None:
    """Lists and headings are better than nothing."""
    assert summarise_body(body).text


@given(
    st.lists(
        st.builds(
            TextBlock,
            kind=st.sampled_from(BlockKind),
            text=st.text(max_size=300).map(lambda text: " ".join(text.split())),
        ),
        max_size=8,
    ),
    st.text(max_size=300),
    st.sampled_from(["sv", "en", "ja", ""]),
)
@settings(deadline=None)
def test_any_text_gives_a_summary_in_bounds(
    given_blocks: list[TextBlock], excerpt: str, language: str
) -> None:
    """Anything from outside gives one line of at most 60 words."""
    found = summarise("Titel", given_blocks, excerpt=excerpt, language=language)
    assert found.word_count <= 60
    assert (found.reason is SummaryReason.none) == (found.text == "")
    assert "\n" not in found.text


def test_the_settings_change_the_length() -> None:
    """`teaser_words = [15, 20]` gives no more than 24."""
    found = summarise("x", extract_blocks(BODY), language="sv", word_range=(15, 20))
    assert 10 <= found.word_count <= 24


def test_is_cut() -> None:
    """A text that ends with a word that leads on was cut."""
    assert is_cut("vi bygger och", "sv")
    assert is_cut("we build the", "en")
    assert not is_cut("vi bygger hus", "sv")
    assert accept_excerpt("Vi bygger hus.", (), "", "sv") == ""


@pytest.mark.skipif(not CORPUS.is_file(), reason="the corpora aren't here")
def test_real_posts_give_whole_sentences() -> None:
    """Every tenth post of the corpus: 25 to 50 words, ended as sentences end, without markup."""
    with CORPUS.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for number, line in enumerate(lines) if number % 10 == 0]
    for row in rows:
        found = summarise_body(
            to_html(row["body"], row["body_format"]), title=row["title"], language=row["lang"]
        )
        assert 25 <= found.word_count <= 50, row["id"]
        assert is_whole_sentence(found.text), row["id"]
        assert "](" not in found.text, row["id"]


CHINESE = (
    "市政府今天宣布，新的图书馆将于下周一正式对外开放。馆内藏书超过五万册，"
    "并设有儿童阅览室和自习区。开放时间为每天上午八点至晚上十点。"
)


def test_scripts_without_blanks_are_measured_by_their_characters() -> None:
    """Three paragraphs of Chinese aren't three words; no full stop of ours follows theirs."""
    found = summarise_body(f"<p>{CHINESE}</p>" * 3, title="新图书馆", language="zh")
    assert 25 <= found.word_count <= 50
    assert len(found.text) <= 100
    assert found.text.endswith("。")
    assert "." not in found.text


def test_one_long_sentence_without_blanks_is_ended_at_a_pause() -> None:
    """Never over 60 words, in any script."""
    assert (
        20
        <= summarise_body(
            "<p>" + "新的图书馆将于下周一开放，" * 40 + "</p>", title="", language="zh"
        ).word_count
        <= 60
    )


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>Vi har en idé. Nu behöver vi …</p>", "Vi har en idé."),
        (
            (
                "<p>Nu börjar vi bygga om hela huset med nya fönster och dörrar, men först måste"
                " vi…</p>"
            ),
            "Nu börjar vi bygga om hela huset med nya fönster och dörrar.",
        ),
        ("<p>Länkar från i dag …</p>", "Länkar från i dag."),
    ],
)
def test_a_text_that_was_cut_ends_where_a_sentence_or_a_clause_does(body: str, text: str) -> None:
    """No summary ends in "…", or in "…" and a full stop."""
    assert summarise_body(body, title="").text == text


def test_ingredients_are_left_out_before_instructions() -> None:
    """Of a list the sentences count, where it has some."""
    body = (
        "<ul><li>3 ägg</li><li>2 dl mjöl</li></ul><ol><li>Vispa äggen.</li><li>Stek tunna"
        " pannkakor.</li><li>Servera med sylt.</li></ol>"
    )
    assert (
        summarise_body(body, title="").text
        == "Vispa äggen. Stek tunna pannkakor. Servera med sylt."
    )


def test_a_summary_that_would_be_too_short_takes_an_invitation_in() -> None:
    """An invitation may stand inside, where the text is no longer.

    It never opens, and "Läs mer" is never in.
    """
    body = (
        "<p>Kurserna är gratis för unga som vill lära sig fotografera. Anmäl dig på webben senast"
        " den 3 maj, för platserna är få.</p>"
    )
    assert "Anmäl dig" in summarise_body(body, title="").text
    assert "Läs mer" not in summarise_body(body.replace("Anmäl dig", "Läs mer"), title="").text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rubrik\n======\nEn mening som är hel.", "En mening som är hel."),
        ("Nya öppettider\nVi har öppet alla dagar i veckan.", "Vi har öppet alla dagar i veckan."),
        (
            "En rad som någon har\nbrutit på två ställen\ni sin text.",
            "En rad som någon har brutit på två ställen i sin text.",
        ),
        (
            "Vi söker flera nya.\n\n- en kock\n- en vaktmästare",
            "Vi söker flera nya. En kock. en vaktmästare.",
        ),
        ("- Ja, det gör vi, säger Eva Ny.", "- Ja, det gör vi, säger Eva Ny."),
    ],
)
def test_plain_text_has_headings_lists_and_broken_lines(text: str, expected: str) -> None:
    """Lines of a paragraph belong together, but for headings and items."""
    found = summarise("", extract_blocks(to_html(text, "text")), language="sv").text
    assert found.casefold() == expected.casefold()


def test_a_quote_is_not_broken_off() -> None:
    """A run that opens a quote and doesn't close it looks cut."""
    body = (
        "<p>Regionen öppnar tre nya mottagningar för unga i länet under det kommande året. ”Vi har"
        " väntat länge på att få göra det här för alla unga. Det är en stor dag”, säger Eva Ny.</p>"
    )
    text = summarise_body(body, title="").text
    assert text.count("”") % 2 == 0


PIECES = [
    "<p>",
    "</p>",
    "<br>",
    "<b>",
    "</b>",
    "<em>",
    "<img src=a>",
    "<li>",
    " ",
    ". ",
    ".",
    "! ",
    "… ",
    "“",
    "(",
    "1. ",
    "。",
    "– ",
    ": ",
    "[3]",
]
WORDS = [
    "Av Anna Ek",
    "12 mars 2025",
    "Läs mer",
    "Foto: X",
    "STOCKHOLM: ",
    "Q: ",
    "Den gamla bron stängdes i maj",
    "新的图书馆",
    "https://x.example/",
]


@settings(max_examples=300)
@given(
    st.lists(
        st.one_of(st.sampled_from(PIECES), st.sampled_from(WORDS), st.text(max_size=8)), max_size=25
    ),
    st.sampled_from(["html", "markdown", "text"]),
    st.sampled_from(["sv", "de", "fr", "zh", ""]),
)
def test_whatever_a_text_holds_its_summary_is_whole_and_never_too_long(
    pieces: list[str], body_format: str, language: str
) -> None:
    """At most 60 words, on one line, ending as a sentence ends; or nothing."""
    body = to_html("".join(pieces), body_format)
    text = summarise("", extract_blocks(body), language=language).text
    assert count_words(text) <= 60
    assert len(text.splitlines()) <= 1
    assert not text or is_whole_sentence(text)


def test_a_word_without_end_is_no_text() -> None:
    """Keys and encoded pictures are left out, however they stand in a sentence."""
    noise = "ab12" * 200
    assert (
        summarise_body(f"<p>{noise}.</p><p>En mening som är hel.</p>", title="").text
        == "En mening som är hel."
    )
