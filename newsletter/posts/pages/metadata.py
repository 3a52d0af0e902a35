"""What a page says of itself besides its text.

JSON-LD, Open Graph, Dublin Core, `<time>`, canonical address.

An article's own marks go before the site's, and what is written for readers before what is written
for machines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from newsletter.posts.clean import sanitise_url
from newsletter.posts.clean.tree import Element, get_tag_name
from newsletter.posts.identity import url_key
from newsletter.posts.pages.aside import AsideDetector
from newsletter.posts.pages.json_ld import JsonLdArticle, find_articles
from newsletter.posts.pages.page_tree import (
    get_base_url,
    get_class_words,
    get_short_text,
    get_text,
    is_same_site,
)
from newsletter.posts.source_entries import normalise_title
from newsletter.posts.text import to_one_line, to_word_set

_DATE_META_NAMES = (
    *(
        "article:published_time",
        "og:article:published_time",
        "article:published",
        "datepublished",
        "date",
        "dc.date",
        "dc.date.issued",
    ),
    *(
        "dcterms.issued",
        "dcterms.created",
        "dcterms.date",
        "dc.date.created",
        "publish-date",
        "publishdate",
        "publication_date",
        "pubdate",
    ),
    *("parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "last-modified"),
)
_AUTHOR_META_NAMES = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
)
_DATE_CLASSES = to_word_set(
    "date published pubdate publishdate entry-date post-date datum publicerad byline meta"
)
#: A date inside a line of text.
_DATE_PATTERN = re.compile(
    r"\b(?:\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d)?"
    r"|\d{1,2}\.?\s(?:de\s)?[^\W\d_]{3,12}\.?,?\s(?:de\s)?\d{4}"
    r"|[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}"
    r"|\d{1,2}[./]\s?\d{1,2}[./]\s?\d{4})\b"
)
_CHANGE_WORDS = re.compile(
    r"uppdater|ändra|updated|modified|aktualisiert|geändert|oppdatert|endret|opdateret|mis à"
    r" jour|actualizado|bijgewerkt|päivitetty",
    re.I,
)
_DATE_IN_PATH = re.compile(r"/(20\d\d)/(0\d|1[0-2])/(?:([0-2]\d|3[01])/)?")
#: Characters of a line that holds a date, where its class says so, and elsewhere.
_MAX_DATE_LINE_CHARS, _MAX_OTHER_LINE_CHARS = 120, 50
#: Headings of the second and third rank that are looked at; which share of the page's title makes
#: one the article's.
_MAX_HEADINGS, _MIN_TITLE_SHARE = 50, 0.4
#: Dates of one page that are looked at.
_MAX_DATES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """What a page says of itself; "" and () where it says nothing."""

    title: str = ""
    #: Absolute; the page's own address where it names no other that can be believed.
    url: str
    #: What relative addresses are relative to.
    base: str
    description: str = ""
    dates: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    #: Address and alternative text (None: not given), the best first.
    pictures: tuple[tuple[str, str | None], ...] = ()
    categories: tuple[str, ...] = ()
    language: str = ""
    #: The text as JSON-LD holds it, plain.
    body: str = ""
    #: It says that it is an article.
    is_article: bool = False


def read_metadata(root: Element, url: str) -> PageMetadata:
    """Return what a page says of itself. `url`: where it was read."""
    metas = _collect_meta_tags(root)
    named = find_articles(root)
    own = _find_own_article(named, url)
    pictures = tuple(_iter_pictures(metas, own))
    places = AsideDetector(url)
    return PageMetadata(
        title=_choose_title(root, metas, own, url),
        url=_choose_url(root, metas, url),
        base=get_base_url(root, url),
        description=normalise_title(
            _get_first_value(
                metas, "og:description", "description", "twitter:description", "dc.description"
            )
            or own.description,
            is_html=False,
        ),
        dates=tuple(dict.fromkeys(islice(_iter_dates(root, metas, own, url, places), _MAX_DATES))),
        authors=own.authors or tuple(_iter_authors(root, metas, places)),
        pictures=pictures,
        categories=tuple(
            dict.fromkeys(
                (
                    *own.categories,
                    *metas.get("article:section", ()),
                    *metas.get("article:tag", ()),
                    *_iter_tags(root, places),
                )
            )
        ),
        language=root.get("lang")
        or own.language
        or _get_first_value(metas, "og:locale", "content-language", "dc.language"),
        body=own.body,
        is_article=own != JsonLdArticle()
        or "article" in metas.get("og:type", ())
        or "article:published_time" in metas,
    )


def find_date(text: str) -> str:
    """Return the first date inside a line of text that isn't the day of a change, or ""."""
    for found in _DATE_PATTERN.finditer(text[:_MAX_DATE_LINE_CHARS]):
        if not _CHANGE_WORDS.search(text[max(0, found.start() - 30) : found.start()]):
            return found[0]
    return ""


def _collect_meta_tags(root: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = (
            element.get("property")
            or element.get("name")
            or element.get("itemprop")
            or element.get("http-equiv")
            or ""
        )
        value = to_one_line(element.get("content") or "")
        if name and value:
            found.setdefault(name.strip().lower(), []).append(value)
    return found


def _get_first_value(metas: dict[str, list[str]], *names: str) -> str:
    return next((metas[name][0] for name in names if name in metas), "")


def _find_own_article(articles: tuple[JsonLdArticle, ...], url: str) -> JsonLdArticle:
    """Return the article that the page itself is: the only one, or the one with its address.

    None on a page that lists many.
    """
    if len(articles) == 1:
        return articles[0]
    return next(
        (one for one in articles if one.url and url_key(one.url) == url_key(url)), JsonLdArticle()
    )


def _choose_title(root: Element, metas: dict[str, list[str]], own: JsonLdArticle, url: str) -> str:
    mastheads, headings = _split_headings(root, url)
    element = next(root.iter("title"), None)
    whole = get_text(element) if element is not None else ""
    said = [own.title, _get_first_value(metas, "og:title", "twitter:title", "dc.title"), whole]
    titles = [normalise_title(text, is_html=False) for text in said if text]
    # "Söndagsöppet – Region Exempelland": the heading that the title begins with is the title.
    for heading in headings:
        if any(title.casefold().startswith(heading.casefold()) for title in titles):
            return normalise_title(heading, is_html=False)
    if own.title:
        return titles[0]
    if len(headings) == 1:
        return normalise_title(headings[0], is_html=False)
    # "Skogens blogg: Stigen runt sjön är klar"
    for heading in islice(
        filter(None, (get_text(element) for element in root.iter("h2", "h3"))), _MAX_HEADINGS
    ):
        if any(
            heading in title and len(heading) > _MIN_TITLE_SHARE * len(title) for title in titles
        ):
            return normalise_title(heading, is_html=False)
    site = _get_first_value(metas, "og:site_name") or next(iter(mastheads), "")
    return (
        _strip_site_name(titles[0], site)
        if titles
        else normalise_title(next(iter((*headings, *mastheads)), ""), is_html=False)
    )


def _split_headings(root: Element, url: str) -> tuple[list[str], list[str]]:
    """Return the texts of `<h1>` that lead to the front page (the site's name), and the others'."""
    mastheads: list[str] = []
    headings: list[str] = []
    for element in root.iter("h1"):
        if text := get_text(element):
            leads_home = any(
                _is_front_page(link.get("href") or "", url)
                for link in (*element.iter("a"), *element.iterancestors("a"))
            )
            (mastheads if leads_home and not _is_front_page(url, url) else headings).append(text)
    return mastheads, headings


def _is_front_page(href: str, url: str) -> bool:
    """Return True if an address is that of a site's front page.

    `url`: of the page that names it; "" where nobody knows.
    """
    address = sanitise_url(href, url or None)
    if not url:
        return href.strip() in ("/", "./") or (
            address is not None and not urlsplit(address).path.strip("/")
        )
    return (
        address is not None and is_same_site(address, url) and not urlsplit(address).path.strip("/")
    )


def _strip_site_name(title: str, site: str) -> str:
    for mark in (" | ", " – ", " - ", " — ", " · ", " :: ", " « ", " » "):
        head, found, tail = title.rpartition(mark)
        if (
            found
            and head
            and (to_one_line(tail).casefold() == site.casefold() if site else mark == " | ")
        ):
            return head.strip()
    return title


def _choose_url(root: Element, metas: dict[str, list[str]], url: str) -> str:
    """Return the canonical address where it may be believed.

    On the same site, and not the front page of all pages.
    """
    links = [
        element.get("href")
        for element in root.iter("link")
        if "canonical" in (element.get("rel") or "").lower().split()
    ]
    for href in [*links, *metas.get("og:url", ())]:
        found = sanitise_url(href, url)
        is_front = (
            found is not None
            and urlsplit(found).path in ("", "/")
            and urlsplit(url).path not in ("", "/")
        )
        if found and not is_front and (not url or is_same_site(found, url)):
            return found
    return url


def _iter_dates(
    root: Element,
    metas: dict[str, list[str]],
    own: JsonLdArticle,
    url: str,
    aside_detector: AsideDetector,
) -> Iterator[str]:
    yield from own.dates[:1]
    yield from (value for name in _DATE_META_NAMES[:-1] for value in metas.get(name, ()))
    times = [element for element in root.iter("time") if not aside_detector.is_aside(element)]
    # <time pubdate> and itemprop go before a <time> that only happens to come first.
    times.sort(
        key=lambda element: (
            not (element.get("pubdate") is not None or element.get("itemprop") == "datePublished")
        )
    )
    for element in times:
        if not _CHANGE_WORDS.search(
            f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        ):
            yield from filter(None, (element.get("datetime"), find_date(get_text(element))))
    yield from _iter_visible_dates(root, aside_detector)
    yield from own.dates[1:]
    path = _DATE_IN_PATH.search(urlsplit(url).path)
    if path and path[3]:
        yield f"{path[1]}-{path[2]}-{path[3]}"


def _iter_visible_dates(root: Element, aside_detector: AsideDetector) -> Iterator[str]:
    """Yield dates that stand in lines of their own: "Publicerad 24 november 2026"."""
    for element in root.iter(
        "p", "span", "div", "small", "li", "dd", "em", "font", "address", "abbr", "a"
    ):
        is_named = element.get("itemprop") == "datePublished" or not _DATE_CLASSES.isdisjoint(
            get_class_words(element)
        )
        if get_tag_name(element) == "a" and not is_named:
            continue
        max_chars = _MAX_DATE_LINE_CHARS if is_named else _MAX_OTHER_LINE_CHARS
        line = f"{element.get('content') or ''} {get_short_text(element, max_chars)}"
        if (found := find_date(line)) and not aside_detector.is_aside(element):
            yield found


def _iter_authors(
    root: Element, metas: dict[str, list[str]], aside_detector: AsideDetector
) -> Iterator[str]:
    named = [name for key in _AUTHOR_META_NAMES for name in metas.get(key, ()) if "://" not in name]
    yield from named
    if not named:
        for element in root.iter("a", "span"):
            if (
                "author" in (element.get("rel") or "").split()
                or element.get("itemprop") == "author"
            ) and not aside_detector.is_aside(element):
                yield get_text(element)


def _iter_tags(root: Element, aside_detector: AsideDetector) -> Iterator[str]:
    for element in root.iter("a"):
        if "tag" in (element.get("rel") or "").lower().split() and not aside_detector.is_aside(
            element
        ):
            yield get_text(element)


def _iter_pictures(
    metas: dict[str, list[str]], own: JsonLdArticle
) -> Iterator[tuple[str, str | None]]:
    alt = _get_first_value(metas, "og:image:alt", "twitter:image:alt") or None
    shown = _get_first_value(
        metas,
        "og:image",
        "og:image:url",
        "og:image:secure_url",
        "twitter:image",
        "twitter:image:src",
    )
    if shown:
        yield shown, alt
    for picture in own.pictures:
        yield picture, None
