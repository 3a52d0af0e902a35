"""A site's address alone: what it offers is found, and said."""

import json
from pathlib import Path

import pytest

from newsletter.domain.post import Source
from newsletter.errors import SourceError
from newsletter.posts.fetch.fetch import Fetcher, Validators
from newsletter.posts.result import SourceResult
from newsletter.posts.sources import read_source
from tests.posts.pages.example_pages import read_html
from tests.posts.test_wordpress import WordPressServer, build_item, respond_with_items
from tests.posts.web_server import WebServer, respond_with, respond_with_status

FEED = (
    b"<rss"
    b" version='2.0'><channel><title>%s</title><item><title>%s</title><link>https://blogg.example.org/1</link></item></channel></rss>"
)


def build_feed(title: str) -> bytes:
    return FEED % (title.encode(), title.encode())


def build_page(head: str = "", text: str = "<h1>Region Exempelland</h1><p>Hej.</p>") -> bytes:
    return f"<!doctype html><html><head><title>Hem</title>{head}</head><body>{text}</body></html>".encode()


def read_site(
    web_server: WebServer, fetcher: Fetcher, path: str = "/", **more: object
) -> SourceResult:
    source = Source(url=web_server.url + path)
    return read_source(source, fetcher.fetch, folder=Path(), pause=lambda: None, **more)  # type: ignore[arg-type]


def build_link(href: str, kind: str = "application/rss+xml", **more: str) -> str:
    return (
        f'<link rel="alternate" type="{kind}" href="{href}"'
        + "".join(f' {name}="{value}"' for name, value in more.items())
        + ">"
    )


def test_the_feed_that_a_site_names_is_read(web_server: WebServer, fetcher: Fetcher) -> None:
    """Not the one of its comments; and staff are told where it is.

    The site's own validators are not the feed's.
    """
    web_server.responses["/"] = respond_with(
        build_page(
            build_link("/comments/feed/", title="Hem » Kommentarer") + build_link("/nytt.xml")
        ),
        ETag='"1"',
        Content_Type="text/html",
    )
    web_server.responses["/comments/feed/"] = respond_with(build_feed("Kommentar"))
    web_server.responses["/nytt.xml"] = respond_with(build_feed("Nytt"))
    reading = read_site(web_server, fetcher)
    assert [post.title for post in reading.posts] == ["Nytt"]
    assert f"were found at {web_server.url}/nytt.xml" in str(reading.notes[0])
    assert reading.validators is None
    assert [asked[1] for asked in web_server.requests] == ["/", "/nytt.xml"]
    assert reading.posts[0].source == f"{web_server.url}/"


def test_wordpress_api_goes_before_its_feed(fetcher: Fetcher) -> None:
    """It gives pictures their alternative texts; where it is closed the feed is read."""
    web_server = WordPressServer()
    try:
        web_server.serve(
            "/",
            respond_with(
                build_page(
                    '<link rel="https://api.w.org/" href="/wp-json/">' + build_link("/feed/")
                ),
                Content_Type="text/html",
            ),
        )
        web_server.serve("/wp-json/wp/v2/posts", respond_with_items([build_item()]))
        web_server.serve("/feed/", respond_with(build_feed("Nytt")))
        assert read_site(web_server, fetcher).posts[0].title == "Bad & sol – del 1"
        web_server.serve("/wp-json/wp/v2/posts", respond_with_status(401))
        assert read_site(web_server, fetcher).posts[0].title == "Nytt"
    finally:
        web_server.close()


@pytest.mark.parametrize(
    "path", ["/feed/", "/rss.xml", "/feed.xml", "/index.xml", "/atom.xml", "/rss", "/feed.json"]
)
def test_common_addresses_are_tried(web_server: WebServer, fetcher: Fetcher, path: str) -> None:
    content = (
        json.dumps({"version": "1", "items": [{"id": "1", "title": "Nytt"}]}).encode()
        if path.endswith("json")
        else build_feed("Nytt")
    )
    web_server.responses["/"] = respond_with(build_page(), Content_Type="text/html")
    web_server.responses[path] = respond_with(content)
    assert [post.title for post in read_site(web_server, fetcher).posts] == ["Nytt"]
    assert len(web_server.requests) <= 9


def test_pages_instead_of_feeds_are_passed_over(web_server: WebServer, fetcher: Fetcher) -> None:
    """Sites that answer every address with their front page, or with an empty feed."""
    web_server.responses["/"] = respond_with(
        build_page(build_link("/tom.xml")), Content_Type="text/html"
    )
    web_server.responses["/tom.xml"] = respond_with(
        b"<rss version='2.0'><channel><title>Tom</title></channel></rss>"
    )
    web_server.responses["/feed/"] = respond_with(build_page(), Content_Type="text/html")
    web_server.responses["/rss.xml"] = respond_with(build_feed("Nytt"))
    assert [post.title for post in read_site(web_server, fetcher).posts] == ["Nytt"]


def test_a_link_in_the_text_will_do(web_server: WebServer, fetcher: Fetcher) -> None:
    web_server.responses["/"] = respond_with(
        build_page(text='<a href="/om/rss">RSS</a>'), Content_Type="text/html"
    )
    web_server.responses["/om/rss"] = respond_with(build_feed("Nytt"))
    assert [post.title for post in read_site(web_server, fetcher).posts] == ["Nytt"]


def test_an_article_is_meant_itself_whatever_feed_its_site_has(
    web_server: WebServer, fetcher: Fetcher
) -> None:
    """One that is named by its own address."""
    web_server.responses["/sondag/"] = respond_with(
        read_html("wordpress").encode(), Content_Type="text/html"
    )
    web_server.responses["/feed/"] = respond_with(build_feed("Nytt"))
    assert [post.title for post in read_site(web_server, fetcher, "/sondag/").posts] == [
        "Biblioteken öppnar på söndagar"
    ]


def test_a_part_of_a_site_is_not_its_whole(web_server: WebServer, fetcher: Fetcher) -> None:
    """The part's own feed goes first; the whole site's is no answer for a list deep in it."""
    both = build_link("/feed/") + build_link("/kategori/kluster/feed/")
    text = (
        "<h2><a href='/1/'>En rubrik till ett</a></h2><p>1 maj 2026</p><h2><a href='/2/'>En rubrik"
        " till två</a></h2><p>2 maj 2026</p>"
    )
    web_server.responses["/kategori/kluster/"] = respond_with(
        build_page(both, text), Content_Type="text/html"
    )
    web_server.responses["/feed/"] = respond_with(build_feed("Allt"))
    web_server.responses["/kategori/kluster/feed/"] = respond_with(build_feed("Kluster"))
    assert [post.title for post in read_site(web_server, fetcher, "/kategori/kluster/").posts] == [
        "Kluster"
    ]
    web_server.responses["/kategori/kluster/"] = respond_with(
        build_page(build_link("/feed/"), text), Content_Type="text/html"
    )
    assert [post.title for post in read_site(web_server, fetcher, "/kategori/kluster/").posts] == [
        "En rubrik till ett",
        "En rubrik till två",
    ]


def test_a_site_without_any_feed_is_read_by_its_list(
    web_server: WebServer, fetcher: Fetcher
) -> None:
    web_server.responses["/"] = respond_with(
        read_html("listing").encode(), Content_Type="text/html", ETag='"7"'
    )
    web_server.responses["/sondag/"] = respond_with(
        read_html("wordpress").encode(), Content_Type="text/html"
    )
    reading = read_site(web_server, fetcher)
    assert [post.title for post in reading.posts] == [
        "Biblioteken öppnar på söndagar",
        "Tre nya cykelvägar byggs",
        "Receptionen stängd på fredag",
    ]


def test_a_list_that_has_not_changed_costs_one_request(
    web_server: WebServer, fetcher: Fetcher
) -> None:
    web_server.responses["/nyheter/"] = respond_with_status(304)
    reading = read_site(web_server, fetcher, "/nyheter/", validators=Validators(etag='"7"'))
    assert (reading.unchanged, len(web_server.requests)) == (True, 1)


def test_a_site_with_nothing_says_so_in_one_sentence(
    web_server: WebServer, fetcher: Fetcher
) -> None:
    web_server.responses["/"] = respond_with(build_page(), Content_Type="text/html")
    with pytest.raises(SourceError, match="holds neither an article nor links") as caught:
        read_site(web_server, fetcher)
    assert "\n" not in str(caught.value)
    assert len(web_server.requests) <= 9


def test_addresses_of_other_kinds_are_not_followed(web_server: WebServer, fetcher: Fetcher) -> None:
    """A page can't send the search to a private host, a file or a script."""
    head = (
        build_link("file:///etc/passwd")
        + build_link("javascript:alert(1)")
        + build_link("http://10.0.0.1/feed")
        + build_link("/nytt.xml")
    )
    web_server.responses["/"] = respond_with(build_page(head), Content_Type="text/html")
    web_server.responses["/nytt.xml"] = respond_with(build_feed("Nytt"))
    assert [post.title for post in read_site(web_server, fetcher).posts] == ["Nytt"]
