"""Where a source's text is too short the post's page is read, and a language model asked.

Filters, sections and likeness pick.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter.compose.compose import compose
from newsletter.compose.enrich import EnrichmentSources
from newsletter.compose.picking.filters import find_matching_pattern, why_not
from newsletter.compose.request import ComposeRequest, ComposeResult, NothingToCompose
from newsletter.compose.summary.alternatives import SummaryOrigin, find_alternatives
from newsletter.compose.summary.llm import ModelEndpoint, SummaryWriter
from newsletter.compose.summary.prompt import PromptArticle
from newsletter.domain.issue import Layout, SummaryReason
from newsletter.domain.post import Picture, Post, Source
from newsletter.errors import FetchError, SourceError
from newsletter.posts.fetch.service_client import ServiceResponse
from newsletter.posts.result import SourceResult
from newsletter.store import ledger
from newsletter.store.database import Database, open_database
from tests.compose.conftest import FEED, SENTENCE, build_post

OTHER = "https://pressrum.example.org/feed/"
CUT = "<p>Region Exempelland bygger ett nytt hus i […]</p>"
BODY = f"<p>Titeln bbbbbb står över sidans egen text om huset. {SENTENCE * 4}</p>"
Run = Callable[..., ComposeResult]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    yield opened
    opened.close()


class ComposeHarness:
    """Sources with posts, and composing."""

    def __init__(self, database: Database, folder: Path, now: datetime) -> None:
        self.database = database
        self.now = now
        self.posts: dict[str, list[Post]] = {FEED: []}
        self.request = ComposeRequest(
            folder=folder,
            sources=(Source(url=FEED),),
            title="Nytt",
            language="sv",
            zone=ZoneInfo("Europe/Stockholm"),
            section="Nytt sedan sist",
        )

    # frozen
    def compose(
        self,
        name: str | None = None,
        *,
        aids: EnrichmentSources = EnrichmentSources(),  # noqa: B008
        **more: object,
    ) -> ComposeResult:
        request = replace(self.request, issue_name=name, **more)  # type: ignore[arg-type]
        return compose(
            request,
            self.database,
            lambda source, _: SourceResult(posts=tuple(self.posts[source.url])),
            self.now,
            enrichment_sources=aids,
        )


@pytest.fixture
def harness(database: Database, tmp_path: Path, now: datetime) -> ComposeHarness:
    return ComposeHarness(database, tmp_path / "issues", now)


class RecordingPageReader:
    """Pages of the web, and how often each was read."""

    def __init__(self, **more: object) -> None:
        self.requested: list[str] = []
        self.more = more

    def fetch_page(self, address: str) -> Post | None:
        self.requested.append(address)
        return build_post(1, source=address, body=BODY, excerpt="", **self.more)


def test_a_cut_excerpt_is_completed_from_the_page_once(harness: ComposeHarness) -> None:
    """And kept in the ledger, so that composing again costs no request.

    What the feed says is still the feed's.
    """
    harness.posts[FEED] = [build_post(1, body="", excerpt=CUT), build_post(2)]
    pages = RecordingPageReader(
        picture=Picture(url="https://blogg.example.org/1.jpg", alt="Ett hus")
    )
    composed = harness.compose("ett", aids=EnrichmentSources(fetch_page=pages.fetch_page))
    assert pages.requested == ["https://blogg.example.org/1/"]
    first = composed.teasers[0]
    assert first.text.startswith("Titeln bbbbbb står")
    assert first.reason is SummaryReason.window
    assert first.teaser.picture == Picture(url="https://blogg.example.org/1.jpg", alt="Ett hus")
    again = harness.compose("ett", aids=EnrichmentSources(fetch_page=pages.fetch_page))
    assert again.teasers[0].text == first.text
    assert len(pages.requested) == 1
    with harness.database.read() as connection:
        entries = ledger.list_entries(connection)
    assert [entry.changed for entry in entries] == [False, False]


def test_a_text_that_will_do_is_not_looked_for_elsewhere(harness: ComposeHarness) -> None:
    """A whole text, a summary by a person, a post without an address, a post that isn't picked."""
    written = (
        "<p>Regionen bygger ett nytt hus i Norrby under året, och det blir klart när sommaren"
        " kommer dit.</p>"
    )
    harness.posts[FEED] = [
        build_post(1),
        build_post(2, body="", excerpt=written),
        build_post(3, url=None, body="", excerpt=CUT),
        build_post(9, body="", excerpt=CUT),
    ]
    pages = RecordingPageReader()
    composed = harness.compose(aids=EnrichmentSources(fetch_page=pages.fetch_page), max_posts=3)
    assert pages.requested == []
    assert composed.teasers[1].reason is SummaryReason.excerpt


def test_a_page_that_can_not_be_read_costs_a_note_and_no_post(harness: ComposeHarness) -> None:
    harness.posts[FEED] = [
        build_post(1, body="", excerpt=f"<p>{SENTENCE}Det blir klart när […]</p>")
    ]

    def refuse_page(address: str) -> Post | None:
        raise FetchError("{host} refuses (403).", host="blogg.example.org")

    composed = harness.compose(aids=EnrichmentSources(fetch_page=refuse_page))
    assert composed.teasers[0].text == SENTENCE.strip()
    assert "blogg.example.org refuses (403)." in str(composed.notes[0])


def test_a_dry_run_reads_pages_and_leaves_the_ledger_alone(harness: ComposeHarness) -> None:
    harness.posts[FEED] = [build_post(1, body="", excerpt=CUT)]
    composed = harness.compose(
        aids=EnrichmentSources(fetch_page=RecordingPageReader().fetch_page), dry_run=True
    )
    assert composed.teasers[0].text.startswith("Titeln bbbbbb står")
    with harness.database.read() as connection:
        assert ledger.list_entries(connection) == []


def test_what_a_page_says_of_itself_is_a_summary_unless_others_say_the_same(
    harness: ComposeHarness,
) -> None:
    """The notes' third source; a description that many pages share is the site's."""
    own = (
        "Ett hus med plats för alla byggs i Norrby under året, och det blir klart lagom till"
        " sommaren."
    )
    harness.posts[FEED] = [
        build_post(1, description=own),
        build_post(2, description="x " * 20 + "."),
        build_post(3, description="x " * 20 + "."),
    ]
    composed = harness.compose()
    assert [shown.reason for shown in composed.teasers] == [
        SummaryReason.description,
        SummaryReason.window,
        SummaryReason.window,
    ]
    assert composed.teasers[0].text == own


def test_a_description_that_is_the_texts_beginning_is_no_summary(harness: ComposeHarness) -> None:
    """Cut in the middle of a word, as content systems do."""
    text = (
        "Kommunen bygger ett nytt hus i Norrby under året och alla invånare är välkomna dit när"
        f" det öppnar. {SENTENCE * 4}"
    )
    harness.posts[FEED] = [build_post(1, body=f"<p>{text}</p>", description=text[:88])]
    assert harness.compose().teasers[0].reason is SummaryReason.window


GOOD = (
    "Region Exempelland bygger ett nytt hus i Norrby under året. Det här inlägget handlar om sak"
    " nummer 1. " + SENTENCE.strip()
)


def build_writer(answers: list[str], kept: dict[str, str]) -> SummaryWriter:
    """Return a model that says what a test says."""
    import json

    def ask(*_: object) -> ServiceResponse:
        body = json.dumps({"choices": [{"message": {"content": answers.pop(0)}}]}).encode()
        return ServiceResponse(status=200, body=body, retry_after_seconds=0.0)

    return SummaryWriter(
        ModelEndpoint(url="https://api.example.org", name="m"),
        ask,
        get_cached=kept.get,
        put_cached=kept.__setitem__,
        sleep=lambda _: None,
    )


def test_a_model_writes_only_where_no_person_has(harness: ComposeHarness) -> None:
    """Its words are marked; composing again asks nothing and changes nothing."""
    written = (
        "<p>Regionen bygger ett nytt hus i Norrby under året, och det blir klart när sommaren"
        " kommer dit.</p>"
    )
    harness.posts[FEED] = [build_post(1), build_post(2, excerpt=written)]
    kept: dict[str, str] = {}
    composed = harness.compose(
        "ett", aids=EnrichmentSources(summary_writer=build_writer([GOOD], kept))
    )
    assert (composed.teasers[0].reason, composed.teasers[0].text) == (SummaryReason.model, GOOD)
    assert composed.teasers[1].reason is SummaryReason.excerpt
    assert GOOD in composed.path.read_text(encoding="utf-8")
    told = find_alternatives(
        composed.teasers[0].teaser,
        harness.posts[FEED][0],
        language="sv",
        word_range=(35, 50),
        model_summaries=kept.values(),
    )
    assert told.origin is SummaryOrigin.model
    edited = replace(composed.teasers[0].teaser, summary="Mina ord.")
    assert (
        find_alternatives(
            edited,
            harness.posts[FEED][0],
            language="sv",
            word_range=(35, 50),
            model_summaries=kept.values(),
        ).origin
        is SummaryOrigin.person
    )
    again = harness.compose("ett", aids=EnrichmentSources(summary_writer=build_writer([], kept)))
    assert (again.written, again.teasers[0].reason) == (False, SummaryReason.model)


def test_what_the_guard_refuses_is_written_by_the_window(harness: ComposeHarness) -> None:
    harness.posts[FEED] = [build_post(1)]
    bad = GOOD.replace("nummer 1", "nummer 77")
    composed = harness.compose(aids=EnrichmentSources(summary_writer=build_writer([bad, bad], {})))
    assert composed.teasers[0].reason is SummaryReason.window
    assert "doesn't say the number “77”" in str(composed.notes[0])


def test_the_article_that_is_shown_is_cleaned(harness: ComposeHarness) -> None:
    """No markup, no byline, no caption leaves."""
    seen: list[PromptArticle] = []

    class RecordingWriter(SummaryWriter):
        def write_summary(self, article: PromptArticle) -> str | None:
            seen.append(article)
            return None

    body = (
        "<p class='byline'>Av Anna Andersson</p><figure><figcaption>Foto:"
        f" Bo</figcaption></figure><p>{SENTENCE * 4}</p><script>x</script>"
    )
    harness.posts[FEED] = [build_post(1, body=body)]
    listening = RecordingWriter(
        ModelEndpoint(url="u", name="m"),
        lambda *_: ServiceResponse(status=500, body=b"", retry_after_seconds=0),
        get_cached={}.get,
        put_cached=lambda *_: None,
        sleep=lambda _: None,
    )
    harness.compose(aids=EnrichmentSources(summary_writer=listening))
    assert seen[0].text == (SENTENCE * 4).strip()


def test_every_source_has_its_section_in_the_settings_order(harness: ComposeHarness) -> None:
    """New posts come into their own section later, too."""
    harness.posts = {FEED: [build_post(1), build_post(2)], OTHER: [build_post(3, source=OTHER)]}
    sources = (Source(url=FEED), Source(url=OTHER, section="Från pressrummet"))
    composed = harness.compose("ett", sources=sources, lead_first=True)
    assert [
        (section.title, len(section.teasers), section.layout) for section in composed.issue.sections
    ] == [
        ("Nytt sedan sist", 2, Layout.lead),
        ("Från pressrummet", 1, None),
    ]
    harness.posts[OTHER].append(build_post(0, source=OTHER))
    again = harness.compose("ett", sources=sources, lead_first=True)
    assert [len(section.teasers) for section in again.issue.sections] == [2, 2]


def test_weight_goes_before_date_and_a_category_has_its_cap(harness: ComposeHarness) -> None:
    harness.posts = {
        FEED: [build_post(number, categories=("Kultur",)) for number in (1, 2, 3)],
        OTHER: [
            build_post(8, source=OTHER, categories=("Vård", "Kultur")),
            build_post(9, source=OTHER),
        ],
    }
    sources = (Source(url=FEED), Source(url=OTHER, weight=5))
    composed = harness.compose(sources=sources, max_per_category=2)
    assert [(shown.teaser.url or "")[-2:-1] for shown in composed.teasers] == ["8", "9", "1", "2"]
    assert [str(reason) for _entry, reason in composed.left_out] == [
        "No room for more of “Kultur”: an issue takes 2. It waits for the next one."
    ]
    pinned = harness.compose(
        "två", sources=sources, max_per_category=2, pins=("https://blogg.example.org/3/",)
    )
    assert [(shown.teaser.url or "")[-2:-1] for shown in pinned.teasers] == ["3"]


def test_related_posts_are_picked_newest_first(harness: ComposeHarness) -> None:
    """Only those, and every other one is told why not; the nearest where there are too many."""
    bike = (
        "<p>Cykelvägarna byggs mellan Norrby och stationen, och cyklister får belysning längs hela"
        " cykelvägen.</p>"
    )
    book = (
        "<p>Biblioteken lånar ut böcker på söndagar, och besökarna läser i fåtöljer hela dagen.</p>"
    )
    harness.posts[FEED] = [
        build_post(1, title="Böcker på söndagar", body=book),
        build_post(2, title="Cykelväg till stationen", body=bike),
        build_post(3, title="Cyklister får belysning", body=bike),
        build_post(4, title="Nya cykelvägar", body=bike),
    ]
    target = "https://blogg.example.org/4/?utm_source=x"
    composed = harness.compose(related_to=target, dry_run=True)
    assert [shown.teaser.title for shown in composed.teasers] == [
        "Cykelväg till stationen",
        "Cyklister får belysning",
    ]
    assert sorted(str(reason) for _entry, reason in composed.left_out) == [
        "It is the post that --related-to names.",
        "Not about the same things as the post that --related-to names.",
    ]
    elsewhere = EnrichmentSources(
        fetch_page=lambda address: build_post(
            99, source=address, title="Cykelvägar", body=bike, url=address
        )
    )
    assert (
        len(harness.compose(related_to="https://annan.example.org/cykel", aids=elsewhere).teasers)
        == 3
    )


def test_a_target_that_nobody_knows_is_one_sentence(harness: ComposeHarness) -> None:
    harness.posts[FEED] = [build_post(1)]
    with pytest.raises(SourceError, match="No source has a post"):
        harness.compose(related_to="https://annan.example.org/x")
    with pytest.raises(NothingToCompose):
        harness.compose(related_to="https://blogg.example.org/1/")


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        ({}, True),
        ({"tags": ("Kultur",)}, True),
        ({"tags": ("vård",)}, False),
        ({"categories": ("kultur",), "tags": ("vård",)}, False),
        ({"authors": ("anna andersson",)}, True),
        ({"authors": ("Bo",)}, False),
        ({"include": ("bibliotek",)}, True),
        ({"include": ("BIBL*SÖNDAG",)}, True),
        ({"include": ("söndag*bibl",)}, False),
        ({"include": ("/1/",)}, True),
        ({"include": ("[a-z]+",)}, False),
        ({"exclude": ("söndag",)}, False),
        ({"exclude": ("måndag",)}, True),
        ({"include": ("bibliotek",), "exclude": ("*",)}, False),
    ],
)
def test_what_a_source_is_asked_for(asked: dict[str, tuple[str, ...]], taken: bool) -> None:
    """Each filter by itself and together; case doesn't count, patterns are no expressions."""
    one = build_post(
        1,
        title="Biblioteken öppnar på söndagar",
        categories=("Kultur", "Fritid"),
        authors=("Anna Andersson",),
    )
    reason = why_not(one, Source(url=FEED, **asked))
    assert (reason is None) is taken
    if reason:
        assert str(reason)


def test_no_pattern_is_slow() -> None:
    one = build_post(1, title="a" * 500)
    assert find_matching_pattern(one, ["*a" * 60 + "b", "a" * 400 + "*" * 100 + "b"]) == ""
