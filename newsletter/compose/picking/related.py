"""Which posts are about the same things as another.

Words weighed by how rare they are (TF-IDF), and the angle between two posts.

    title (three times) and text | stems | weight: log of count × rarity | cosine | over .15

Embeddings were measured: they add a tenth of a point (ROUGE-1) for 75 MB.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log, sqrt

from newsletter.domain.post import Post, PostId
from newsletter.language.stems import extract_stems
from newsletter.posts.clean.tree import extract_all_text

#: Less likeness than this is chance.
MIN_LIKENESS = 0.15
_TITLE_WEIGHT = 3
#: Characters of HTML that are read of a post: the beginning says what it is about.
_MAX_HTML_CHARS = 12_000

TermWeights = dict[str, float]


def find_related(target: Post, posts: Sequence[Post], language: str) -> dict[PostId, float]:
    """Return the posts that are related to one, with their likeness (over .15, up to 1).

    `language`: of posts that name none.

    `posts`: all that there are, so that it is known which words are rare; the target needn't be one
    of them.
    """
    counted = {post.id: _count_stems(post, language) for post in (*posts, target)}
    rarity = _compute_rarity(counted.values())
    ours = _compute_weights(counted[target.id], rarity)
    likeness = {
        post.id: _compute_cosine(ours, _compute_weights(counted[post.id], rarity))
        for post in posts
        if post.id != target.id
    }
    return {post: share for post, share in likeness.items() if share > MIN_LIKENESS}


def _count_stems(post: Post, language: str) -> Counter[str]:
    spoken = post.language or language
    text = extract_all_text(f"{post.excerpt[:_MAX_HTML_CHARS]} {post.body[:_MAX_HTML_CHARS]}")
    return Counter(_TITLE_WEIGHT * extract_stems(post.title, spoken) + extract_stems(text, spoken))


def _compute_rarity(counted: Iterable[Counter[str]]) -> TermWeights:
    documents = list(counted)
    held = Counter(stem for counts in documents for stem in counts)
    return {stem: log((1 + len(documents)) / (1 + count)) + 1 for stem, count in held.items()}


def _compute_weights(counts: Counter[str], rarity: TermWeights) -> TermWeights:
    return {stem: (1 + log(count)) * rarity[stem] for stem, count in counts.items()}


def _compute_cosine(one: TermWeights, other: TermWeights) -> float:
    lengths = _compute_norm(one) * _compute_norm(other)
    short, long = sorted((one, other), key=len)
    return (
        sum(weight * long[stem] for stem, weight in short.items() if stem in long) / lengths
        if lengths
        else 0.0
    )


def _compute_norm(weights: TermWeights) -> float:
    return sqrt(sum(weight * weight for weight in weights.values()))
