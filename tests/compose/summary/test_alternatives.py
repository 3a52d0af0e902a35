"""Summaries to choose from: whole sentences of the post, within the bounds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.compose.issue_file.syntax import to_markdown
from newsletter.compose.issue_file.write import compute_fingerprint
from newsletter.compose.summary.alternatives import (
    SummaryAlternatives,
    SummaryOrigin,
    find_alternatives,
)
from newsletter.domain.issue import Teaser
from newsletter.domain.post import Post, PostId

SENTENCES = [
    "Från och med januari håller fyra bibliotek i regionen öppet alla dagar i veckan.",
    (
        "Försöket pågår i ett år och följs av forskare vid högskolan, som ska se om fler barn"
        " hittar dit."
    ),
    "Det är biblioteken i Granvik, Ekboda, Norra Ängsta och Stenhamn som är med.",
    "Alla fyra har haft stängt på söndagar sedan de byggdes.",
    "Regionen betalar hälften och kommunerna resten.",
]


def build_post(body: str, excerpt: str = "") -> Post:
    return Post(
        id=PostId("abc"),
        source="s",
        guid=None,
        url="https://example.org/",
        title="Biblioteken öppnar",
        published=None,
        excerpt=excerpt,
        body=body,
    )


def build_alternatives(teaser: Teaser, from_: Post | None) -> SummaryAlternatives:
    return find_alternatives(teaser, from_, language="sv", word_range=(35, 50))


def build_composed_teaser(text: str) -> Teaser:
    return Teaser(
        title="Biblioteken öppnar",
        summary=text,
        post=PostId("abc"),
        fingerprint=compute_fingerprint(text),
    )


def test_where_the_words_come_from() -> None:
    """Compose's own, of an excerpt or of sentences; chosen; a person's; of a text that is no more.

    None.
    """
    full = build_post(f"<p>{' '.join(SENTENCES)}</p>")
    ours = build_alternatives(Teaser(title="x"), full).automatic
    assert build_alternatives(build_composed_teaser(ours), full).origin is SummaryOrigin.sentences
    assert (
        build_alternatives(build_composed_teaser("Något annat."), full).origin
        is SummaryOrigin.former
    )
    longer = (
        build_alternatives(build_composed_teaser(ours), full).longer
        or build_alternatives(build_composed_teaser(ours), full).shorter
    )
    touched = Teaser(
        title="x", summary=longer, post=PostId("abc"), fingerprint=compute_fingerprint(ours)
    )
    assert build_alternatives(touched, full).origin is SummaryOrigin.chosen
    assert (
        build_alternatives(Teaser(title="x", summary="Mina ord."), full).origin
        is SummaryOrigin.person
    )
    assert build_alternatives(Teaser(title="x"), full).origin is SummaryOrigin.none
    assert (
        build_alternatives(Teaser(title="x", summary="Mina ord."), None).origin
        is SummaryOrigin.person
    )
    excerpt = (
        "Fyra bibliotek i regionen öppnar på söndagar, och ett försök ska visa om det lockar fler"
        " barn att läsa."
    )
    written = build_alternatives(
        Teaser(title="x"), build_post(full.body, f"<p>{excerpt}</p>")
    ).automatic
    assert (
        build_alternatives(
            build_composed_teaser(written), build_post(full.body, f"<p>{excerpt}</p>")
        ).origin
        is SummaryOrigin.excerpt
    )


@settings(deadline=None, max_examples=60)
@given(
    picks=st.lists(st.sampled_from(SENTENCES), min_size=0, max_size=12),
    start=st.integers(0, 11),
    count=st.integers(0, 3),
)
def test_choices_are_whole_sentences_within_the_bounds(
    picks: list[str], start: int, count: int
) -> None:
    """25 to 60 words, every sentence whole and of the post; shorter is shorter, longer longer."""
    body = build_post("".join(f"<p>{sentence}</p>" for sentence in picks))
    teaser = Teaser(
        title="x", summary=to_markdown(" ".join(picks[start : start + count])), post=PostId("abc")
    )
    found = build_alternatives(teaser, body)
    now = len(teaser.summary.split())
    for text, is_right in (
        (found.shorter, lambda words: words < now),
        (found.longer, lambda words: words > now),
    ):
        if text and text != found.automatic:
            assert 25 <= len(text.split()) <= 60
            assert all(sentence.strip() in " ".join(picks) for sentence in text.split(". "))
        assert not text or is_right(len(text.split()))


def test_a_summary_grows_at_its_end() -> None:
    """The next longer one begins as the one of now does, where the text goes on."""
    full = build_post(f"<p>{' '.join(SENTENCES)}</p>")
    teaser = Teaser(title="x", summary=f"{SENTENCES[0]} {SENTENCES[1]}", post=PostId("abc"))
    assert (
        build_alternatives(teaser, full).longer == f"{SENTENCES[0]} {SENTENCES[1]} {SENTENCES[2]}"
    )
