"""Which posts are about the same things as another.

Words weighed by how rare they are (TF-IDF), and the angle between two posts.

    title (three times) and text | stems | weight: log of count × rarity | cosine | over .15 is related

Embeddings were measured: they add a tenth of a point (ROUGE-1) for 75 MB.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log, sqrt

from newsletter.compose.stems import stems
from newsletter.domain.post import Post, PostId
from newsletter.posts.clean.tree import text_of

#: Less likeness than this is chance.
LEAST = 0.15
_TITLE_WEIGHT = 3
#: Characters of HTML that are read of a post: the beginning says what it is about.
_READ = 12_000

Weights = dict[str, float]


def related(target: Post, posts: Sequence[Post], language: str) -> dict[PostId, float]:
    """Return the posts that are related to one, with their likeness (over .15, up to 1).

    `language`: of posts that name none.

    `posts`: all that there are, so that it is known which words are rare; the target needn't be one
    of them.
    """
    counted = {post.id: _counts(post, language) for post in (*posts, target)}
    rarity = _rarity(counted.values())
    ours = _weights(counted[target.id], rarity)
    likeness = {
        post.id: _cosine(ours, _weights(counted[post.id], rarity))
        for post in posts
        if post.id != target.id
    }
    return {post: share for post, share in likeness.items() if share > LEAST}


def _counts(post: Post, language: str) -> Counter[str]:
    spoken = post.language or language
    text = text_of(f"{post.excerpt[:_READ]} {post.body[:_READ]}")
    return Counter(_TITLE_WEIGHT * stems(post.title, spoken) + stems(text, spoken))


def _rarity(counted: Iterable[Counter[str]]) -> Weights:
    documents = list(counted)
    held = Counter(stem for counts in documents for stem in counts)
    return {stem: log((1 + len(documents)) / (1 + count)) + 1 for stem, count in held.items()}


def _weights(counts: Counter[str], rarity: Weights) -> Weights:
    return {stem: (1 + log(count)) * rarity[stem] for stem, count in counts.items()}


def _cosine(one: Weights, other: Weights) -> float:
    lengths = _length(one) * _length(other)
    short, long = sorted((one, other), key=len)
    return (
        sum(weight * long[stem] for stem, weight in short.items() if stem in long) / lengths
        if lengths
        else 0.0
    )


def _length(weights: Weights) -> float:
    return sqrt(sum(weight * weight for weight in weights.values()))
