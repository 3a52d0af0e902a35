"""A newsletter's folder and ledger as the editor that the preview asks."""

import contextlib
import hashlib
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from newsletter.app import Workspace
from newsletter.app.testing import send_test_mail
from newsletter.compose import files
from newsletter.compose.choices import Summaries, summaries
from newsletter.compose.draft import Frame, write_teaser
from newsletter.compose.window import lengths
from newsletter.domain.issue import IssueState, Teaser
from newsletter.domain.post import LedgerEntry, PostId, PostState
from newsletter.domain.subscriber import Subscriber
from newsletter.errors import IssueFileError
from newsletter.i18n import Phrase
from newsletter.store import issues, ledger, subscribers
from newsletter.store.summaries import list_model_summaries

#: Posts and readers that a search shows.
MOST_POSTS, MOST_READERS = 50, 10
#: Answers about summaries that are kept.
KEPT = 500
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_GONE_OUT = (IssueState.sending, IssueState.paused, IssueState.sent)


class WorkspaceEditor:
    """Changes the issues of a workspace; `workspace` returns it with the settings of now."""

    def __init__(self, workspace: Callable[[], Workspace]) -> None:
        self._workspace = workspace
        #: What a post was before the preview put it into an issue.
        self._former: dict[tuple[str, PostId], PostState] = {}
        self._summaries: dict[tuple[object, ...], Summaries] = {}

    def text(self, issue: str) -> str:
        """Return an issue's file. Raises IssueFileError."""
        path = self._workspace().find_issue_path(issue)
        text = files.read_text(path)
        if text is None:
            raise IssueFileError("{path} can't be read. Save it as UTF-8 text.", path=path)
        return text

    def save(self, issue: str, text: str, *, expected: str) -> None:
        """Write an issue's file whole, with the line ends and the mark at its beginning that it had; keep what was there beside it."""
        path = self._workspace().find_issue_path(issue)
        raw = _raw(path)
        if b"\r\n" in raw:
            text = text.replace("\n", "\r\n")
        files.save(path, (_BOM if raw.startswith(_BOM.encode()) else "") + text, expected=expected)

    def remember(self, issue: str, steps: str) -> None:
        """Keep what was done to an issue, in a file that isn't watched.

        Words are never lost by its loss.
        """
        file = self._memory(issue)
        beside = file.with_suffix(".tmp")
        with contextlib.suppress(OSError):
            file.parent.mkdir(exist_ok=True)
            beside.write_text(steps, encoding="utf-8", errors="replace")
            beside.replace(file)

    def remembered(self, issue: str) -> str:
        """Return what was kept of an issue."""
        try:
            return self._memory(issue).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def _memory(self, issue: str) -> Path:
        workspace = self._workspace()
        path = workspace.find_issue_path(issue).resolve()
        # Two files of one name in two folders have two histories.
        return (
            workspace.folder
            / ".preview"
            / f"{path.stem}-{hashlib.blake2b(str(path).encode(), digest_size=4).hexdigest()}.json"
        )

    def locked(self, issue: str) -> Phrase | None:
        """Say that an issue has been sent, or is being sent."""
        with self._workspace().database.read() as connection:
            sent = issues.find_issue(connection, self._name(issue))
        if sent is not None and sent.state in _GONE_OUT:
            return Phrase(
                "This issue has been sent: what is changed now reaches nobody. So it can only be"
                " looked at."
            )
        return None

    def settle(self, issue: str, before: AbstractSet[PostId], now: AbstractSet[PostId]) -> None:
        """Mark posts that came as picked.

        A post that the preview had put in, and that goes again, is what it was.
        """
        workspace, name = self._workspace(), self._name(issue)
        with workspace.database.begin() as connection:
            came = [
                entry
                for post in sorted(now - before)
                if (entry := ledger.find_entry(connection, post)) is not None
            ]
            for entry in came:
                self._former.setdefault((name, entry.post.id), entry.state)
            ledger.mark_picked(connection, name, [entry.post.id for entry in came])
            for post in sorted(before - now):
                former = self._former.pop((name, post), PostState.picked)
                if former is not PostState.picked:
                    ledger.release_picked(connection, name, {post})
                if former in (PostState.held, PostState.skipped):
                    ledger.set_state(connection, post, former, workspace.clock())

    def left_out(self, issue: str, words: str) -> Sequence[LedgerEntry]:
        """Return the posts that stand in no issue, the newest first, with all these words in title or text."""
        wanted, name, there = (
            words.casefold().split(),
            self._name(issue),
            files.posts_in(self.text(issue)),
        )
        with self._workspace().database.read() as connection:
            entries = ledger.list_entries(connection)
        free = [
            entry
            for entry in entries
            if entry.post.id not in there
            and (
                entry.state in (PostState.new, PostState.held, PostState.skipped)
                or (entry.state is PostState.picked and entry.issue == name)
            )
        ]
        return [entry for entry in free if all(word in _searched(entry) for word in wanted)][
            :MOST_POSTS
        ]

    def teaser(self, issue: str, post: PostId) -> Teaser:
        """Return the teaser that compose would write.

        Raises IssueFileError where the ledger doesn't know the post.
        """
        workspace = self._workspace()
        with workspace.database.read() as connection:
            entry = ledger.find_entry(connection, post)
        if entry is None:
            raise IssueFileError(
                "This post isn't known any more. Look which there are with: newsletter posts"
            )
        if entry.state is PostState.sent or (
            entry.state is PostState.picked and entry.issue != self._name(issue)
        ):
            raise IssueFileError(
                "“{title}” is in another issue: {issue}.", title=entry.post.title, issue=entry.issue
            )
        return write_teaser(entry, self._frame()).teaser

    def summaries(self, teaser: Teaser, language: str) -> Summaries:
        """Say where a summary comes from, by writing it again."""
        workspace = self._workspace()
        entry: LedgerEntry | None = None
        if teaser.post:
            with workspace.database.read() as connection:
                entry = ledger.find_entry(connection, teaser.post)
        post = entry.post if entry else None
        words = workspace.settings.compose.teaser_words
        with workspace.database.read() as connection:
            machine = list_model_summaries(connection)
        key = (
            teaser.summary,
            teaser.fingerprint,
            language,
            words,
            len(machine),
            post and (post.id, post.title, post.excerpt, post.body, post.language),
        )
        if key not in self._summaries:
            while len(self._summaries) >= KEPT:
                self._summaries.pop(next(iter(self._summaries)), None)
            self._summaries[key] = summaries(
                teaser, post, language=language, words=words, machine=machine
            )
        return self._summaries[key]

    @property
    def bounds(self) -> tuple[int, int]:
        """How short and how long an offered summary may be, in words."""
        wanted = lengths(self._workspace().settings.compose.teaser_words)
        return wanted.least, wanted.most

    def before(self, issue: str) -> str | None:
        """Return the issue whose name comes before this one's."""
        name = self._name(issue)
        return next((other for other in self._workspace().list_issue_names() if other < name), None)

    def readers(self, words: str) -> Sequence[Subscriber]:
        """Return a few subscribers whose address or name holds these words."""
        with self._workspace().database.read() as connection:
            return subscribers.search(connection, words, limit=MOST_READERS)

    def send_test(self, issue: str, address: str) -> str:
        """Send an issue to one address. Raises NewsletterError."""
        return send_test_mail(self._workspace(), issue, address)

    def _name(self, issue: str) -> str:
        return self._workspace().find_issue_path(issue).stem

    def _frame(self) -> Frame:
        workspace = self._workspace()
        ours, today = (
            workspace.settings.newsletter,
            workspace.clock().astimezone(workspace.zone).date(),
        )
        return Frame(
            name="",
            title=ours.title,
            language=ours.language,
            zone=workspace.zone,
            section=workspace.settings.compose.section or "",
            words=workspace.settings.compose.teaser_words,
            date=today,
            number=0,
        )


def _raw(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _searched(entry: LedgerEntry) -> str:
    post = entry.post
    return f"{post.title}\n{post.excerpt}\n{post.body}\n{post.url}".casefold()
