"""The edit backend that works on a newsletter's folder and ledger."""

import contextlib
import hashlib
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from newsletter.app.issue_files import find_issue_path, list_issue_names
from newsletter.app.send_test_mail import send_test_mail
from newsletter.compose.draft import IssueDefaults, draft_teaser
from newsletter.compose.issue_file import issue_folder
from newsletter.compose.summary.alternatives import SummaryAlternatives, find_alternatives
from newsletter.compose.summary.window import to_summary_limits
from newsletter.domain.issue import IssueState, Teaser
from newsletter.domain.post import LedgerEntry, PostId, PostState
from newsletter.domain.subscriber import Subscriber
from newsletter.errors import IssueFileError
from newsletter.i18n import Phrase
from newsletter.store import issues, ledger, subscribers
from newsletter.store.summary_cache import list_model_summaries
from newsletter.web.preview.reloading_workspace import ReloadingWorkspace

#: Posts and readers that a search shows.
MAX_FOUND_POSTS, MAX_FOUND_SUBSCRIBERS = 50, 10
#: Answers about summaries that are kept.
MAX_CACHED_ALTERNATIVES = 500
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_LOCKED_STATES = (IssueState.sending, IssueState.paused, IssueState.sent)


class WorkspaceEditBackend:
    """Changes the issues of a workspace."""

    def __init__(self, workspaces: ReloadingWorkspace) -> None:
        self.workspaces = workspaces
        #: What a post was before the preview put it into an issue.
        self._previous_states: dict[tuple[str, PostId], PostState] = {}
        self._alternatives_cache: dict[tuple[object, ...], SummaryAlternatives] = {}

    def read_issue_text(self, issue_name: str) -> str:
        """Return an issue's file. Raises IssueFileError."""
        path = find_issue_path(self.workspaces.get(), issue_name)
        text = issue_folder.read_text(path)
        if text is None:
            raise IssueFileError("{path} can't be read. Save it as UTF-8 text.", path=path)
        return text

    def save_issue_text(self, issue_name: str, text: str, *, expected_text: str) -> None:
        """Write an issue's file whole, with the line ends and the BOM that it had.

        What was there is kept beside it.
        """
        path = find_issue_path(self.workspaces.get(), issue_name)
        raw = _read_bytes(path)
        if b"\r\n" in raw:
            text = text.replace("\n", "\r\n")
        issue_folder.save(
            path, (_BOM if raw.startswith(_BOM.encode()) else "") + text, expected=expected_text
        )

    def save_history(self, issue_name: str, history: str) -> None:
        """Keep what was done to an issue, in a file that isn't watched.

        Words are never lost by its loss.
        """
        file = self._resolve_history_path(issue_name)
        beside = file.with_suffix(".tmp")
        with contextlib.suppress(OSError):
            file.parent.mkdir(exist_ok=True)
            beside.write_text(history, encoding="utf-8", errors="replace")
            beside.replace(file)

    def load_history(self, issue_name: str) -> str:
        """Return what was kept of an issue."""
        try:
            return self._resolve_history_path(issue_name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def _resolve_history_path(self, issue_name: str) -> Path:
        workspace = self.workspaces.get()
        path = find_issue_path(workspace, issue_name).resolve()
        # Two files of one name in two folders have two histories.
        return (
            workspace.folder
            / ".preview"
            / f"{path.stem}-{hashlib.blake2b(str(path).encode(), digest_size=4).hexdigest()}.json"
        )

    def why_locked(self, issue_name: str) -> Phrase | None:
        """Say that an issue has been sent, or is being sent."""
        with self.workspaces.get().database.read() as connection:
            sent = issues.find_issue(connection, self._resolve_issue_name(issue_name))
        if sent is not None and sent.state in _LOCKED_STATES:
            return Phrase(
                "This issue has been sent: what is changed now reaches nobody. So it can only be"
                " looked at."
            )
        return None

    def sync_ledger(
        self, issue_name: str, posts_before: AbstractSet[PostId], posts_now: AbstractSet[PostId]
    ) -> None:
        """Mark posts that came as picked.

        A post that the preview had put in, and that goes again, is what it was.
        """
        workspace, name = self.workspaces.get(), self._resolve_issue_name(issue_name)
        with workspace.database.begin() as connection:
            came = [
                entry
                for post in sorted(posts_now - posts_before)
                if (entry := ledger.find_entry(connection, post)) is not None
            ]
            for entry in came:
                self._previous_states.setdefault((name, entry.post.id), entry.state)
            ledger.mark_picked(connection, name, [entry.post.id for entry in came])
            for post in sorted(posts_before - posts_now):
                former = self._previous_states.pop((name, post), PostState.picked)
                if former is not PostState.picked:
                    ledger.release_picked(connection, name, {post})
                if former in (PostState.held, PostState.skipped):
                    ledger.set_state(connection, post, former, workspace.clock())

    def search_unused_posts(self, issue_name: str, query: str) -> Sequence[LedgerEntry]:
        """Return the posts that stand in no issue, the newest first.

        All words of the query stand in title or text.
        """
        wanted, name, there = (
            query.casefold().split(),
            self._resolve_issue_name(issue_name),
            issue_folder.find_posts(self.read_issue_text(issue_name)),
        )
        with self.workspaces.get().database.read() as connection:
            entries = ledger.list_entries(connection)
        free = [
            entry
            for entry in entries
            if entry.post.id not in there
            and (
                entry.state in (PostState.new, PostState.held, PostState.skipped)
                or (entry.state is PostState.picked and entry.issue_name == name)
            )
        ]
        return [
            entry for entry in free if all(word in _build_search_text(entry) for word in wanted)
        ][:MAX_FOUND_POSTS]

    def compose_teaser(self, issue_name: str, post_id: PostId) -> Teaser:
        """Return the teaser that compose would write.

        Raises IssueFileError where the ledger doesn't know the post.
        """
        workspace = self.workspaces.get()
        with workspace.database.read() as connection:
            entry = ledger.find_entry(connection, post_id)
        if entry is None:
            raise IssueFileError(
                "This post isn't known any more. Look which there are with: newsletter posts"
            )
        if entry.state is PostState.sent or (
            entry.state is PostState.picked
            and entry.issue_name != self._resolve_issue_name(issue_name)
        ):
            raise IssueFileError(
                "“{title}” is in another issue: {issue}.",
                title=entry.post.title,
                issue=entry.issue_name,
            )
        return draft_teaser(entry, self._build_issue_defaults()).teaser

    def find_alternatives(self, teaser: Teaser, language: str) -> SummaryAlternatives:
        """Say where a summary comes from, by writing it again."""
        workspace = self.workspaces.get()
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
        if key not in self._alternatives_cache:
            while len(self._alternatives_cache) >= MAX_CACHED_ALTERNATIVES:
                self._alternatives_cache.pop(next(iter(self._alternatives_cache)), None)
            self._alternatives_cache[key] = find_alternatives(
                teaser, post, language=language, word_range=words, model_summaries=machine
            )
        return self._alternatives_cache[key]

    def get_summary_word_bounds(self) -> tuple[int, int]:
        """Return how short and how long an offered summary may be, in words."""
        wanted = to_summary_limits(self.workspaces.get().settings.compose.teaser_words)
        return wanted.min_words, wanted.max_words

    def find_previous_issue(self, issue_name: str) -> str | None:
        """Return the issue whose name comes before this one's."""
        name = self._resolve_issue_name(issue_name)
        return next(
            (other for other in list_issue_names(self.workspaces.get()) if other < name), None
        )

    def search_subscribers(self, query: str) -> Sequence[Subscriber]:
        """Return a few subscribers whose address or name holds these words."""
        with self.workspaces.get().database.read() as connection:
            return subscribers.search(connection, query, limit=MAX_FOUND_SUBSCRIBERS)

    def send_test(self, issue_name: str, address: str) -> str:
        """Send an issue to one address. Raises NewsletterError."""
        return send_test_mail(self.workspaces.get(), issue_name, address)

    def _resolve_issue_name(self, issue_name: str) -> str:
        return find_issue_path(self.workspaces.get(), issue_name).stem

    def _build_issue_defaults(self) -> IssueDefaults:
        workspace = self.workspaces.get()
        ours, today = (
            workspace.settings.newsletter,
            workspace.clock().astimezone(workspace.zone).date(),
        )
        return IssueDefaults(
            issue_name="",
            title=ours.title,
            language=ours.language,
            zone=workspace.zone,
            section=workspace.settings.compose.section or "",
            word_range=workspace.settings.compose.teaser_words,
            date=today,
            number=0,
        )


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _build_search_text(entry: LedgerEntry) -> str:
    post = entry.post
    return f"{post.title}\n{post.excerpt}\n{post.body}\n{post.url}".casefold()
