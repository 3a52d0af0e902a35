"""What every reader of a source returns."""

from collections.abc import Callable
from dataclasses import dataclass

from newsletter.domain.post import Post
from newsletter.i18n import Phrase
from newsletter.posts.fetch.fetch import FetchResponse, Validators

#: `Fetcher.fetch`.
FetchUrl = Callable[..., FetchResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceResult:
    """What a source holds now."""

    #: In the source's own order; two may have the same id where the source gives one post twice.
    posts: tuple[Post, ...] = ()
    #: The source's own name; "" where it has none.
    title: str = ""
    language: str | None = None
    #: The server says that nothing has changed; `posts` is empty.
    unchanged: bool = False
    #: For asking whether it has changed, next time.
    validators: Validators | None = None
    #: What staff should know: a feed that moved, a file that can't be read.
    notes: tuple[Phrase, ...] = ()
