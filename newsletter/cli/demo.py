"""`newsletter demo`: the whole way on a made-up authority's posts.

It runs the very commands that staff use.
"""

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import httpx2

from newsletter.app.workspace import Workspace, open_workspace
from newsletter.cli import main
from newsletter.cli.context import CliContext
from newsletter.config import FILE_NAME
from newsletter.config.settings import FetchSettings, SourceSettings
from newsletter.demo import sample_workspace
from newsletter.demo.blog import DemoWebServer, build_rss
from newsletter.demo.sample_workspace import BLOG_URL, UNSUBSCRIBING_SUBSCRIBER
from newsletter.demo.sandbox import SandboxMailServer, find_free_port
from newsletter.errors import SettingsError
from newsletter.i18n import _
from newsletter.posts.sources import read_source
from newsletter.web.public.app import create_app
from newsletter.web.public.site import PublicSite

#: The two issues, and when each is composed: the blog has gone on in between.
FIRST_ISSUE_NAME, SECOND_ISSUE_NAME = "2026-11", "2026-12"
COMPOSE_TIMES = {
    FIRST_ISSUE_NAME: datetime(2026, 11, 2, 7, 30, tzinfo=UTC),
    SECOND_ISSUE_NAME: datetime(2026, 12, 1, 7, 30, tzinfo=UTC),
}
PUBLIC_HOST = "nyhetsbrev.example.org"


@click.command(
    help=_(
        "See the whole way on a made-up authority's posts: nothing leaves this machine. DIR becomes"
        " a workspace to try things in."
    )
)
@click.argument(
    "directory", metavar="[DIR]", required=False, type=click.Path(file_okay=False, path_type=Path)
)
@click.option(
    "--no-serve", is_flag=True, help=_("End after the last step; don't show the preview.")
)
@click.pass_obj
def demo(context: CliContext, directory: Path | None, no_serve: bool) -> None:
    """Make a workspace and its servers, then go the way step by step."""
    began = time.monotonic()
    folder = _find_free_folder(directory)
    web_port = find_free_port(8025)
    with SandboxMailServer(
        find_free_port(2525),
        watched_addresses=frozenset({sample_workspace.UNSUBSCRIBING_SUBSCRIBER[1]}),
    ) as sandbox:
        sample_workspace.create_workspace(folder, smtp_port=sandbox.port, web_port=web_port)
        step = _DemoRunner(context, folder)
        with _serve_site(folder, web_port) as feed:
            _send_first_issue(step, feed, sandbox)
            _unsubscribe_one_click(step, sandbox, web_port)
        _send_second_issue(step, sandbox)
        sandbox.save_messages(folder / "out")
        _print_folders(folder, time.monotonic() - began)
        if no_serve or not sys.stdout.isatty():
            typed = sys.argv[0] if Path(sys.argv[0]).name == "newsletter" else "newsletter"
            click.echo(
                _("Look at the issues with: {newsletter} -c {folder} preview").format(
                    newsletter=typed, folder=folder
                )
            )
            return
        step.run_command("preview", SECOND_ISSUE_NAME)


class _DemoRunner:
    """Runs commands as staff would type them, and shows each before it runs."""

    def __init__(self, context: CliContext, folder: Path) -> None:
        self.folder = folder
        self._language = context.language

    def print_heading(self, title: str) -> None:
        """Begin a step."""
        click.secho(f"\n{title}", bold=True)

    def run_command(
        self, *arguments: str, pretended_now: datetime | None = None, feed_url: str | None = None
    ) -> None:
        """Run a command, as if it were `pretended_now`, with posts from `feed_url`."""
        click.secho(f"$ newsletter {' '.join(arguments)}", fg="cyan")
        context = CliContext(self.folder, self._open_workspace(pretended_now, feed_url))
        command = main.get_command(click.Context(main), arguments[0])
        assert command is not None, arguments
        try:
            command.main(
                list(arguments[1:]),
                prog_name=f"newsletter {arguments[0]}",
                obj=context,
                standalone_mode=False,
            )
        finally:
            context.close()

    def _open_workspace(self, pretended_now: datetime | None, feed_url: str | None) -> Workspace:
        opened = open_workspace(self.folder)
        settings = opened.settings
        if feed_url:
            changed = {
                "sources": (SourceSettings(url=feed_url),),
                "fetch": FetchSettings(allow_hosts=("127.0.0.1",)),
            }
            settings = settings.model_copy(update=changed)
        return Workspace(
            settings, opened.folder, (lambda: pretended_now) if pretended_now else opened.clock
        )


def _send_first_issue(runner: _DemoRunner, feed_url: str, sandbox: SandboxMailServer) -> None:
    runner.print_heading(_("1. The list: 1,000 made-up readers"))
    runner.run_command("subscribers", "import", str(runner.folder / "subscribers.csv"))
    runner.print_heading(
        _("2. An issue of what is new, from the blog's feed ({feed})").format(feed=feed_url)
    )
    runner.run_command(
        "compose",
        FIRST_ISSUE_NAME,
        pretended_now=COMPOSE_TIMES[FIRST_ISSUE_NAME],
        feed_url=feed_url,
    )
    runner.print_heading(_("3. The issue as HTML, text and mail"))
    for form, ending in (("html", "html"), ("text", "txt"), ("eml", "eml")):
        runner.run_command(
            "render",
            FIRST_ISSUE_NAME,
            "--format",
            form,
            "-o",
            str(runner.folder / "out" / f"{FIRST_ISSUE_NAME}.{ending}"),
        )
    runner.print_heading(
        _("4. To every reader, by SMTP to a mail server in this process that delivers nothing")
    )
    _send_issue(runner, FIRST_ISSUE_NAME, sandbox)


def _send_issue(runner: _DemoRunner, issue_name: str, sandbox: SandboxMailServer) -> None:
    before = len(sandbox.inbox.received_at)
    runner.run_command("send", issue_name, "--yes")
    times = sandbox.inbox.received_at[before:]
    seconds = max(times[-1] - times[0], 0.001)
    text = _("{count} letters in {seconds:.1f} s: {rate:.0f} a second.")
    click.echo(text.format(count=len(times), seconds=seconds, rate=len(times) / seconds))


def _unsubscribe_one_click(runner: _DemoRunner, sandbox: SandboxMailServer, web_port: int) -> None:
    """Let one subscriber unsubscribe as their mail program would: one-click, RFC 8058."""
    name, address = sample_workspace.UNSUBSCRIBING_SUBSCRIBER
    runner.print_heading(
        _("5. {name} has had enough: she unsubscribes by the link in her own mail").format(
            name=name
        )
    )
    message = sandbox.inbox.watched_messages[address][-1]
    (path,) = re.findall(
        rb"^List-Unsubscribe: <https://" + PUBLIC_HOST.encode() + rb"(/u/[\w-]+)>",
        message,
        re.MULTILINE,
    )
    url = f"http://127.0.0.1:{web_port}{path.decode()}"
    with httpx2.Client(headers={"Host": PUBLIC_HOST}) as client:
        looked = client.get(url)
        click.echo(
            _("  GET  {path} → {status}: a page with a button; nothing has changed").format(
                path=path.decode(), status=looked.status_code
            )
        )
        left = client.post(url, data={"List-Unsubscribe": "One-Click"})
        click.echo(
            _("  POST {path} → {status}: she is off the list").format(
                path=path.decode(), status=left.status_code
            )
        )
    runner.run_command("subscribers", "show", address)


def _send_second_issue(runner: _DemoRunner, sandbox: SandboxMailServer) -> None:
    runner.print_heading(
        _(
            "6. A month later: the next issue, from the blog's folder of Markdown; nothing is"
            " announced twice"
        )
    )
    before = dict(sandbox.inbox.message_counts)
    runner.run_command(
        "compose",
        SECOND_ISSUE_NAME,
        "--since",
        "2026-11-01",
        pretended_now=COMPOSE_TIMES[SECOND_ISSUE_NAME],
    )
    _send_issue(runner, SECOND_ISSUE_NAME, sandbox)
    runner.run_command("status", SECOND_ISSUE_NAME)
    twice = [
        reader
        for reader, count in sandbox.inbox.message_counts.items()
        if count - before.get(reader, 0) > 1
    ]
    theirs = (
        sandbox.inbox.message_counts[sample_workspace.UNSUBSCRIBING_SUBSCRIBER[1]]
        - before[sample_workspace.UNSUBSCRIBING_SUBSCRIBER[1]]
    )
    text = _(
        "The mail server's own count: {readers} readers got one letter, {twice} got it twice,"
        " {name} got {hers}."
    )
    readers = sandbox.inbox.message_counts.total() - sum(before.values())
    click.echo(
        text.format(
            readers=readers,
            twice=len(twice),
            name=sample_workspace.UNSUBSCRIBING_SUBSCRIBER[0],
            hers=theirs,
        )
    )


@contextmanager
def _serve_site(folder: Path, web_port: int) -> Iterator[str]:
    """Serve the blog's feed and the newsletter's pages for readers; lend the feed's address."""
    workspace = open_workspace(folder)
    (source,) = workspace.sources
    posts = read_source(source, workspace.fetcher.fetch, folder=folder).posts
    feed = build_rss("Region Exempelland", BLOG_URL, posts)
    with DemoWebServer(
        feed, {PUBLIC_HOST: create_app(PublicSite.from_workspace(workspace))}, web_port
    ) as server:
        yield f"http://127.0.0.1:{server.port}/feed.xml"
    workspace.close()


def _find_free_folder(directory: Path | None) -> Path:
    """Return the folder that was asked for, or the first newsletter-demo that is free.

    Raises SettingsError.
    """
    if directory is None:
        number = 1
        while (
            found := Path("newsletter-demo" if number == 1 else f"newsletter-demo-{number}")
        ).exists():
            number += 1
        return found.absolute()
    if (directory / FILE_NAME).exists():
        raise SettingsError(
            "There is a newsletter in {folder} already. Choose another folder, or remove this one.",
            folder=directory,
        )
    return directory.absolute()


def _print_folders(folder: Path, seconds: float) -> None:
    click.secho(
        _("\nDone in {seconds:.0f} s. Where things are:").format(seconds=seconds), bold=True
    )
    for path, what in (
        (folder / "issues", _("the issues, to change with any editor")),
        (
            folder / "out",
            _("HTML, text and mail of the first one, and the mails that {name} got").format(
                name=UNSUBSCRIBING_SUBSCRIBER[0]
            ),
        ),
        (folder / "blogg", _("the blog's posts")),
        (folder / "subscribers.csv", _("the made-up readers")),
        (folder / "newsletter.toml", _("the settings")),
    ):
        click.echo(f"  {path}  {what}")
