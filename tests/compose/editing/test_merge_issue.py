"""Composing again keeps what a person touched."""

from dataclasses import replace

from newsletter.compose.editing.merge_issue import merge_issue
from newsletter.compose.issue_file.write import compute_fingerprint
from newsletter.domain.issue import Issue, Section, Teaser
from newsletter.domain.post import PostId


def build_teaser(post: str, summary: str = "Text.", **more: object) -> Teaser:
    return Teaser(
        title=f"T {post}",
        url=f"https://x.example/{post}",
        summary=summary,
        post=PostId(post),
        fingerprint=compute_fingerprint(summary),
        **more,
    )  # type: ignore[arg-type]


def build_issue(*teasers: Teaser, section: str = "Nytt", **more: object) -> Issue:
    return Issue(
        name="i",
        subject="s",
        language="sv",
        sections=(Section(title=section, teasers=teasers),),
        **more,
    )  # type: ignore[arg-type]


def build_known_ids(*posts: str) -> frozenset[PostId]:
    return frozenset(map(PostId, posts))


def to_texts(notes: tuple[object, ...]) -> list[str]:
    return [str(note) for note in notes]


def test_new_posts_go_to_the_end_of_their_section() -> None:
    """Order, subject and heading are the person's."""
    edited = replace(
        build_issue(build_teaser("b"), build_teaser("a")),
        subject="Min rubrik",
        preheader="min",
        title="T",
        intro="Hej",
    )
    merged = merge_issue(
        edited,
        build_issue(build_teaser("c"), build_teaser("a"), build_teaser("b")),
        build_known_ids("a", "b"),
    )
    assert merged.issue == replace(
        edited,
        sections=(
            Section(
                title="Nytt", teasers=(build_teaser("b"), build_teaser("a"), build_teaser("c"))
            ),
        ),
    )
    assert to_texts(merged.notes) == ["Added: T c"]


def test_touched_words_stay_and_untouched_ones_follow_the_post() -> None:
    """The fingerprint tells which are which."""
    mine = replace(build_teaser("a"), summary="Mina ord.", title="Min titel")
    merged = merge_issue(
        build_issue(mine, build_teaser("b")),
        build_issue(build_teaser("a", "Nytt."), build_teaser("b", "Nytt.")),
        build_known_ids("a", "b"),
    )
    assert merged.issue.teasers == (mine, replace(build_teaser("b", "Nytt.")))
    assert to_texts(merged.notes) == [
        "No new posts were added.",
        "The post has changed, so its summary was written anew: T b",
        "Summaries that you had changed, and that were left as they are: 1",
    ]


def test_a_deleted_teaser_stays_deleted() -> None:
    """It was there before, and a person took it away."""
    merged = merge_issue(
        build_issue(build_teaser("a")),
        build_issue(build_teaser("a"), build_teaser("b")),
        build_known_ids("a", "b"),
    )
    assert merged.issue == build_issue(build_teaser("a"))
    assert to_texts(merged.notes)[-1] == "Posts that you had deleted, and that stay out: 1"


def test_a_renamed_section_is_found_by_its_posts() -> None:
    """New posts follow their neighbours, not the old heading."""
    edited = Issue(
        name="i",
        subject="s",
        language="sv",
        sections=(Section(title="Eget"), Section(title="Nyheter", teasers=(build_teaser("a"),))),
    )
    merged = merge_issue(
        edited, build_issue(build_teaser("a"), build_teaser("b")), build_known_ids("a")
    )
    assert [(section.title, len(section.teasers)) for section in merged.issue.sections] == [
        ("Eget", 0),
        ("Nyheter", 2),
    ]


def test_a_deleted_section_comes_back_only_for_new_posts() -> None:
    """Where nothing of it is left, its heading returns with what is new."""
    edited = Issue(
        name="i", subject="s", language="sv", sections=(Section(title="Eget", text="Ord."),)
    )
    assert merge_issue(edited, build_issue(build_teaser("a")), build_known_ids("a")).issue == edited
    merged = merge_issue(
        edited, build_issue(build_teaser("a"), build_teaser("b")), build_known_ids("a")
    )
    assert [section.title for section in merged.issue.sections] == ["Eget", "Nytt"]
    assert [one.post for one in merged.issue.teasers] == ["b"]


def test_a_teaser_that_a_person_wrote_stays() -> None:
    """It has no post."""
    own = Teaser(title="Eget", summary="Mitt.")
    assert merge_issue(
        build_issue(own, build_teaser("a")),
        build_issue(build_teaser("a"), build_teaser("b")),
        build_known_ids("a"),
    ).issue.teasers == (own, build_teaser("a"), build_teaser("b"))


def test_an_empty_new_summary_replaces_nothing() -> None:
    """A post that lost its text at the source keeps its teaser."""
    assert merge_issue(
        build_issue(build_teaser("a")), build_issue(build_teaser("a", "")), build_known_ids("a")
    ).issue == build_issue(build_teaser("a"))
