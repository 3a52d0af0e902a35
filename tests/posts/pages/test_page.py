"""Pages of the web: the article is found among all that surrounds it.

Lists of articles are followed.
"""

import contextlib
import json
import time
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.compose.summary.summarise import summarise
from newsletter.domain.post import Source
from newsletter.errors import FetchError, SourceError
from newsletter.posts.clean import BlockKind, extract_blocks
from newsletter.posts.clean.blocks import PROSE_KINDS
from newsletter.posts.fetch.fetch import Fetcher, FetchResponse, Validators
from newsletter.posts.pages.listing import find_listed_entries
from newsletter.posts.pages.metadata import find_date, read_metadata
from newsletter.posts.pages.page import MAX_ARTICLES, extract_entry, read_page, read_post
from newsletter.posts.pages.page_tree import parse_page
from newsletter.posts.result import SourceResult
from newsletter.posts.sources import read_source
from tests.posts.pages.example_pages import ExamplePage, load_pages, read_html
from tests.posts.web_server import WebServer, respond_with, respond_with_status
from tests.waiting import CPU_SECONDS

BLNS = Path(__file__).parents[4] / "shared" / "corpora" / "blns.json"
URL = "https://blogg.example.org/nyheter/"
TEXT = (
    "Fyra bibliotek i regionen håller öppet alla dagar i veckan från och med januari. Försöket"
    " pågår i ett år. "
)


def build_fetched(text: str, url: str = URL) -> FetchResponse:
    return FetchResponse(
        url=url,
        status=200,
        content=text.encode(),
        content_type="text/html; charset=utf-8",
        validators=Validators(etag='"1"'),
    )


def refuse_fetch(*_: object, **__: object) -> FetchResponse:
    raise AssertionError("nothing was to be fetched")


def read(
    text: str, fetch: Callable[..., FetchResponse] = refuse_fetch, url: str = URL
) -> SourceResult:
    return read_page(build_fetched(text, url), fetch, source=url, pause=lambda: None)


@pytest.mark.parametrize("page", load_pages(), ids=lambda page: page.name)
def test_an_article_is_found_on_its_page(page: ExamplePage) -> None:
    """Title, date and text in seven languages.

    No menu, banner, byline, caption or other article is in it.
    """
    (post,) = read(page.html).posts
    assert post.title == page.title
    assert [part for part in page.never if part in post.body] == []
    if page.dated:
        assert post.published is not None
        assert post.published.date() == page.dated
    body = extract_blocks(post.body, title=post.title)
    first = next(block.text for block in body if block.kind in PROSE_KINDS)
    assert first.startswith(page.opens)
    summary = summarise(post.title, body, language=page.language)
    assert summary.text.startswith(tuple(opening[:20] for opening in page.opens))
    assert (post.language or "")[:2] == page.language


def test_what_a_page_marks_as_its_summary_is_the_lead() -> None:
    (post,) = read(read_html("ingress")).posts
    first = extract_blocks(post.body)[0]
    assert (first.kind, first.text[:25]) == (BlockKind.lead, "Nu blir det lättare att c")
    assert post.body.count("Nu blir det lättare") == 1


def test_what_a_page_says_of_itself() -> None:
    """JSON-LD with references, Open Graph, canonical address, author, section.

    Picture with the alt text of the page.
    """
    (post,) = read(
        read_html("json-ld"), url="https://www.landkreis.example/sonntags?utm_source=x"
    ).posts
    assert (post.authors, post.categories) == (("Erika Muster",), ("Verkehr",))
    assert post.published == datetime(2024, 10, 2, 6, 0, tzinfo=UTC)
    assert post.picture is not None
    assert (post.picture.url, post.picture.alt) == (
        "https://www.landkreis.example/bus.jpg",
        "Ein Bus vor dem Rathaus",
    )
    (post,) = read(
        read_html("wordpress"), url="https://blogg.example.org/sondag/?utm_source=x"
    ).posts
    assert post.url == "https://blogg.example.org/sondag/"
    assert post.picture is not None
    assert post.picture.alt == "Barn läser i en fåtölj"
    assert post.authors == ("Anna Andersson",)


@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        ("https://blogg.example.org/a/", "https://blogg.example.org/a/"),
        ("/b/", "https://blogg.example.org/b/"),
        ("https://blogg.example.org/", URL),
        ("https://elsewhere.example.com/a/", URL),
        ("javascript:alert(1)", URL),
        ("", URL),
    ],
)
def test_a_canonical_address_is_believed_on_its_own_site_only(canonical: str, url: str) -> None:
    """Not the front page for every page, not another site's."""
    root = parse_page(f'<link rel="canonical" href="{canonical}"><p>{TEXT}')
    assert root is not None
    assert read_metadata(root, URL).url == url


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Publicerad 24 november 2026", "24 november 2026"),
        ("Publicerad: 3 mars 2026, senast ändrad 9 april 2026", "3 mars 2026"),
        ("Uppdaterad 9 april 2026", ""),
        ("May 12, 2026 · 3 min", "May 12, 2026"),
        ("2. Oktober 2026", "2. Oktober 2026"),
        ("den 2026-03-03 kl. 10", "2026-03-03"),
        ("3.1.2026", "3.1.2026"),
        ("5 de mayo de 2026", "5 de mayo de 2026"),
        ("Ring 040-12 34 56", ""),
        ("", ""),
        ("Rum 2026", ""),
    ],
)
def test_dates_inside_lines(line: str, date: str) -> None:
    assert find_date(line) == date


# Lists


LISTED = [
    "Biblioteken öppnar på söndagar",
    "Tre nya cykelvägar byggs",
    "Receptionen stängd på fredag",
]
ARTICLES = {
    "/sondag/": read_html("wordpress"),
    "/cykel/": read_html("ingress"),
    "/stangt/": read_html("short"),
}


def test_a_list_of_teasers_is_followed_to_its_articles(
    web_server: WebServer, fetcher: Fetcher
) -> None:
    """Below “Relaterade inlägg”, with date, title, excerpt and “Läs hela artikeln”.

    Each article is read on its own page, once.
    """
    web_server.responses["/nyheter"] = respond_with(
        read_html("listing").encode(), Content_Type="text/html", ETag='"1"'
    )
    for path, text in ARTICLES.items():
        web_server.responses[path] = respond_with(text.encode(), Content_Type="text/html")
    web_server.responses["/cykel/?utm_source=lista"] = web_server.responses["/cykel/"]
    waits: list[int] = []
    source = Source(url=f"{web_server.url}/nyheter", kind="page")
    reading = read_source(source, fetcher.fetch, folder=Path(), pause=lambda: waits.append(1))
    assert [post.title for post in reading.posts] == LISTED
    assert [post.published.date().isoformat() for post in reading.posts if post.published] == [
        "2024-11-24",
        "2024-03-03",
        "2024-02-01",
    ]
    assert all(post.body for post in reading.posts)
    assert (len(web_server.requests), len(waits)) == (4, 2)
    assert reading.validators == Validators(etag='"1"')


def test_what_can_not_be_read_stays_as_the_list_shows_it(
    web_server: WebServer, fetcher: Fetcher
) -> None:
    """Title, date and excerpt; the others go on; and the list is asked for again next time."""
    web_server.responses["/nyheter"] = respond_with(
        read_html("listing").encode(), Content_Type="text/html", ETag='"1"'
    )
    web_server.responses["/sondag/"] = respond_with_status(403)
    web_server.responses["/stangt/"] = respond_with(
        read_html("short").encode(), Content_Type="text/html"
    )
    reading = read_source(
        Source(url=f"{web_server.url}/nyheter", kind="page"),
        fetcher.fetch,
        folder=Path(),
        pause=lambda: None,
    )
    first, second, third = reading.posts
    assert (first.title, first.body) == ("Biblioteken öppnar på söndagar", "")
    assert first.excerpt.startswith("<p>Från och med januari")
    assert first.picture is not None
    assert first.picture.alt == "Barn läser i en fåtölj"
    assert second.published == datetime(2024, 3, 3, tzinfo=UTC)
    assert third.body
    assert "2 articles of" in str(reading.notes[0])
    assert reading.validators is None


def list_titles(text: str, url: str = URL) -> list[str]:
    root = parse_page(text)
    assert root is not None
    return [entry.title for entry in find_listed_entries(root, url)]


@pytest.mark.parametrize(
    "text",
    [
        # Headings in links, links in headings, "read more" only, links alone, a table, flat.
        (
            "<a href='/a'><h3>Ett ord till</h3><p>Text här.</p></a><a href='/b'><h3>Två ord"
            " till</h3></a>"
        ),
        (
            "<ul><li><h2><a href='a'>Ett ord till</a></h2><li><h2><a href='b'>Två ord"
            " till</a></h2></ul>"
        ),
        (
            "<div><h3>Ett ord till</h3><p>Text.</p><a href='/a'>Läs mer</a></div><div><h3>Två ord"
            " till</h3><a href='/b'>Läs mer</a></div>"
        ),
        "<ul><li><a href='/a'>Ett ord till</a><li><a href='/b'>Två ord till</a></ul>",
        (
            "<h2><a href='/a'>Ett ord till</a></h2><p>24 november 2026</p><p>Text.</p><h2><a"
            " href='/b'>Två ord till</a></h2><p>1 maj 2026</p>"
        ),
    ],
)
def test_lists_of_every_build(text: str) -> None:
    menu = (
        "<nav><a href='/c'>En annan sida här</a></nav><footer><a href='/d'>Om vår webbplats"
        " här</a></footer>"
    )
    assert list_titles(menu + text) == ["Ett ord till", "Två ord till"]


def test_flat_teasers_keep_their_own_dates() -> None:
    """Behind the heading, or before it."""

    def list_dates(text: str) -> list[str]:
        root = parse_page(text)
        assert root is not None
        return [entry.dates[0] for entry in find_listed_entries(root, URL)]

    one, two = "<h2><a href='/a'>Ett ord till</a></h2>", "<h2><a href='/b'>Två ord till</a></h2>"
    assert list_dates(f"{one}<p>24 november 2026</p><p>Text.</p>{two}<p>1 maj 2026</p>") == [
        "24 november 2026",
        "1 maj 2026",
    ]
    assert list_dates(
        f"<p>24 november 2026</p>{one}<p>Text.</p><p>1 maj 2026</p>{two}<p>Mer text.</p>"
    ) == ["24 november 2026", "1 maj 2026"]


@pytest.mark.parametrize(
    "href",
    [
        "https://elsewhere.example.com/a",
        "/fil.pdf",
        "/tagg/x/",
        "mailto:a@example.org",
        "javascript:a()",
        "#a",
        "/nyheter/",
    ],
)
def test_what_leads_elsewhere_is_no_article(href: str) -> None:
    assert list_titles(f"<h2><a href='{href}'>Ett ord till</a></h2>" * 3) == []


def test_whole_articles_on_a_front_page_are_taken_from_it() -> None:
    """A blog that shows its posts in full, and whose own pages can't be read."""

    def fail(url: str, **_: object) -> FetchResponse:
        from newsletter.errors import FetchError

        raise FetchError("no", code=403)

    articles = "".join(
        f"<article><h2><a href='/{name}/'>Inlägg {name} här</a></h2><p>{TEXT * 9}</p></article>"
        for name in ("a", "b")
    )
    reading = read(articles, fail)
    assert [len(post.body) > 500 for post in reading.posts] == [True, True]


def test_a_list_is_followed_so_far_and_no_further() -> None:
    asked: list[str] = []

    def fetch(url: str, **_: object) -> FetchResponse:
        asked.append(url)
        return build_fetched(f"<h1>Sida {len(asked)}</h1><p>{TEXT * 3}</p>", url)

    listing = "".join(
        f"<li><h2><a href='/{number}/'>En rubrik med nummer {number}</a></h2></li>"
        for number in range(90)
    )
    assert len(read(f"<ul>{listing}</ul>", fetch).posts) == MAX_ARTICLES
    assert len(asked) == MAX_ARTICLES


def test_what_all_pages_share_says_nothing_of_one() -> None:
    """One description, picture and canonical address for the whole site."""
    shared = (
        "<meta name='description' content='Välkommen till vår webbplats med nyheter.'><meta"
        " property='og:image' content='/logga.jpg'><link rel='canonical'"
        " href='https://blogg.example.org/alla/'>"
    )

    def fetch(url: str, **_: object) -> FetchResponse:
        return build_fetched(
            f"<html><head>{shared}</head><h1>Sida {url[-2]}</h1><p>{TEXT * 3}</p>", url
        )

    listing = "".join(
        f"<li><h2><a href='/{letter}/'>En rubrik med {letter}</a></h2></li>" for letter in "abc"
    )
    posts = read(f"<ul>{listing}</ul>", fetch).posts
    assert [post.description for post in posts] == ["", "", ""]
    assert [post.picture for post in posts] == [None, None, None]
    assert len({post.id for post in posts}) == 3


# Bad pages


@pytest.mark.parametrize(
    "text",
    ["", "   ", "<html></html>", "<p>Hej", "<nav><a href='/a'>En två tre fyra</a></nav>", "\0\0\0"],
)
def test_a_page_with_nothing_to_read_is_one_sentence(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(text)
    assert "\n" not in str(caught.value)


P = f"<p>{TEXT}</p>"
HOSTILE = {
    "nested": "<div>" * 100_000 + P,
    "nested, with classes": "<div class='cookie related ingress'>" * 250 + P * 5_000,
    "attributes": "<div " + " ".join(f"a{number}=x" for number in range(60_000)) + ">" + P,
    "links": "".join(
        f"<h2><a href=/x{number}>en lång länktext {number}</a></h2>" for number in range(20_000)
    ),
    "deep links": (
        "<div>" * 200
        + "".join(
            f"<h2><a href=/x{number}>en lång länktext {number}</a></h2>" for number in range(5_000)
        )
    ),
    "breaks": "<p>" + "a<br>" * 60_000,
    "tables": "<table><tr><td>" * 50_000,
    "paragraphs": "<p>x" * 100_000,
    "json": "<script type='application/ld+json'>" + "[" * 100_000 + "</script>" + P,
    "many articles": (
        "<script type='application/ld+json'>"
        + json.dumps([{"@type": "Article", "headline": "x"}] * 5_000)
        + "</script>"
        + P
    ),
    "dates": "<p>24 november 2026</p>" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_end_soon(name: str) -> None:
    """Seconds, not minutes: trees are cut, tags are bounded, nothing is quadratic."""
    started = time.process_time()
    root = parse_page(HOSTILE[name])
    assert root is not None
    extract_entry(root, read_metadata(root, URL))
    find_listed_entries(root, URL)
    assert time.process_time() - started < CPU_SECONDS


@pytest.mark.skipif(not BLNS.exists(), reason="shared/corpora isn't there")
def test_naughty_strings_anywhere_on_a_page_break_nothing() -> None:
    """In title, metadata, JSON-LD, text, links; all addresses that come out are of the web."""
    for string in json.loads(BLNS.read_text("utf-8"))[::7]:
        ld = json.dumps(
            {
                "@type": "Article",
                "headline": string,
                "author": string,
                "image": string,
                "datePublished": string,
            }
        )
        page = (
            f"<title>{string}</title><script type='application/ld+json'>{ld}</script><meta"
            f" property='og:image' content=\"{string}\"><h1>{string}</h1><p>{string}</p><p"
            f" class='date'>{string}</p><a href=\"{string}\">{string}</a>{P * 3}"
        )
        post = read_post(build_fetched(page))
        assert post is not None
        assert not any(unicodedata.category(character) == "Cc" for character in post.title)
        assert post.picture is None or post.picture.url.startswith("http")
        assert (post.url or "").startswith("https://blogg.example.org/")


@given(st.text(alphabet=st.sampled_from("<>/ah1p\"'= !-\n&;x#meta script"), max_size=300))
@settings(max_examples=60, deadline=None)
def test_no_page_crashes(text: str) -> None:
    with contextlib.suppress(SourceError):
        read(text, lambda url, **_: build_fetched(P, url))


def test_an_article_that_links_to_its_own_next_page_is_no_list() -> None:
    """Among teasers of other articles one whole text is the page's own.

    It is read, not the others.
    """
    others = "".join(
        f"<li><h2><a href='/{letter}/'>En annan rubrik med {letter}</a></h2></li>"
        for letter in "abc"
    )
    own = (
        f"<h1>Öppet alla dagar</h1><div>{f'<p>{TEXT}</p>' * 9}<h3><a href='/nyheter/sida-tva'>Gå"
        " till sida två</a></h3></div>"
    )
    (post,) = read(
        "<html><head><title>Öppet alla"
        f" dagar</title></head><body>{own}<ul>{others}</ul></body></html>",
        url=URL + "oppet",
    ).posts
    assert post.title == "Öppet alla dagar"
    assert "Fyra bibliotek" in post.body


def test_comments_longer_than_the_text_are_left_out() -> None:
    """However many words readers have added, the article is the page's text."""
    comments = "".join(
        f"<p>Läsare {number} tycker att det här är en mycket bra idé som borde ha kommit"
        " tidigare.</p>"
        for number in range(40)
    )
    text = f"<h1>Öppet alla dagar</h1><div class='widget'><p>{TEXT * 3}</p></div>"
    (post,) = read(
        f"<html><body>{text}<div id='comments'>{comments}</div></body></html>", url=URL + "oppet"
    ).posts
    assert "Fyra bibliotek" in post.body
    assert "Läsare" not in post.body


def test_a_front_pages_name_in_the_heading_is_no_title() -> None:
    """Many systems put the site's name, with a link to its front page, into the only <h1>."""
    page = (
        "<title>Skogens blogg: Stigen är klar</title><h1><a href='/'>Skogens"
        " blogg</a></h1><h2>Stigen är klar</h2>" + f"<p>{TEXT * 3}</p>"
    )
    root = parse_page(page)
    assert root is not None
    assert read_metadata(root, URL + "stigen").title == "Stigen är klar"
    assert read_metadata(root, "").title == "Stigen är klar"
    assert read_metadata(root, "https://blogg.example.org/").title == "Skogens blogg"


def test_a_site_that_stops_answering_is_not_asked_for_each_of_its_pages() -> None:
    """After three pages in a row that don't come, the rest is taken as the listing shows it.

    Each could take half a minute.
    """
    asked: list[str] = []

    def fetch(url: str) -> FetchResponse:
        asked.append(url)
        raise FetchError(
            "{host} is too slow: no full answer came in time. Try again later.",
            is_transient=True,
            host="blogg.example.org",
        )

    listing = "".join(
        f"<li><h2><a href='/{n}/'>En rubrik med nummer {n}</a></h2><p>{TEXT} Nummer {n}.</p></li>"
        for n in range(12)
    )
    reading = read(f"<ul>{listing}</ul>", fetch)
    assert len(asked) == 3
    assert len(reading.posts) == 12
    assert "3 articles of" in str(reading.notes[0])


RELATED = """<div class="inlagg"><time datetime="2026-11-{day}">{day} november 2026</time>
<h3><a href="/blogg/inlagg-{day}.html">Ett annat inlägg, nummer {day}</a></h3><p>Regionen satsar på nya bussar och bättre kartor.</p>
<a href="/blogg/inlagg-{day}.html">Läs hela artikeln</a></div>"""


def test_the_date_of_a_related_article_is_not_the_pages() -> None:
    """Other articles stand below with <time>, their headings leading to them.

    The page's own date is a line of text.
    """
    related = "<h2>Relaterade inlägg</h2>" + "".join(RELATED.format(day=day) for day in (21, 22))
    text = f"<h1>Öppet alla dagar</h1><p>{TEXT * 8}</p><div>Publicerad: 2026-11-03</div>"
    (post,) = read(
        f"<html><body><main>{text}{related}</main></body></html>", url=URL + "oppet"
    ).posts
    assert post.published == datetime(2026, 11, 3, tzinfo=UTC)


def test_a_page_whose_own_title_is_a_link_to_itself_keeps_its_date() -> None:
    """Older themes link the heading of the page to the page."""
    text = (
        "<div><h2><a href='/nyheter/oppet/'>Öppet alla dagar</a></h2><time datetime='2026-11-03'>3"
        f" nov</time><p>{TEXT * 8}</p></div>"
    )
    (post,) = read(
        f"<html><head><title>Öppet alla dagar</title></head><body>{text}</body></html>",
        url=URL + "oppet",
    ).posts
    assert post.published == datetime(2026, 11, 3, tzinfo=UTC)


def test_a_short_article_with_an_ingress_is_one_though_it_lists_others() -> None:
    """Forty words that open with an ingress of their own are an article.

    The related ones below it aren't what is meant.
    """
    related = "<h2>Relaterade inlägg</h2>" + "".join(RELATED.format(day=day) for day in (21, 22))
    text = (
        "<h1>Öppet alla dagar</h1><p class='ingress'>Nu öppnar fyra bibliotek alla dagar i veckan,"
        f" året runt.</p><p>{TEXT * 2}</p>"
    )
    (post,) = read(
        f"<html><body><main>{text}{related}</main></body></html>", url=URL + "oppet"
    ).posts
    assert post.title == "Öppet alla dagar"


def test_a_slash_in_the_tag_of_the_page_ends_nothing() -> None:
    """Pages say <html lang="sv" /> and <div class="main" />.

    To browsers the slash means nothing.
    """
    page = (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" /><html lang="sv" /><body'
        f' /><h1>Öppet</h1><div class="a" /><p>{TEXT * 3}</p>'
    )
    (post,) = read(page, url=URL + "oppet").posts
    assert "Fyra bibliotek" in post.body


def test_a_text_for_machines_alone_is_read_where_the_page_shows_a_line_of_it() -> None:
    """The program draws the article in the browser; JSON-LD holds it whole."""
    data = json.dumps(
        {"@type": "NewsArticle", "headline": "Öppet alla dagar", "articleBody": TEXT * 6}
    )
    page = (
        f'<html><head><script type="application/ld+json">{data}</script></head><body><h1>Öppet alla'
        " dagar</h1><p>Läs allt här.</p>"
    )
    (post,) = read(page, url=URL + "oppet").posts
    assert "Fyra bibliotek" in post.body


@pytest.mark.parametrize(
    "part",
    [
        "<div>" + "<img src=a.jpg>" * 14_000 + "<span class=lead>kort text</span></div>",
        "<div class=widget>"
        + "<div><time datetime=2026-11-01>1 november 2026</time></div>" * 7_000
        + "</div>",
        "<div class=widget>" + "<div>1 november 2026</div>" * 14_000 + "</div>",
    ],
    ids=["pictures", "times", "dates"],
)
def test_a_page_of_thousands_of_pictures_or_dates_is_read_in_one_pass(part: str) -> None:
    """What stands around each isn't searched again for each: that took minutes."""
    began = time.process_time()
    root = parse_page(f"<html><body>{part}<p>{TEXT * 9}</p></body></html>")
    assert root is not None
    assert extract_entry(root, read_metadata(root, URL + "oppet")).links
    assert time.process_time() - began < CPU_SECONDS
