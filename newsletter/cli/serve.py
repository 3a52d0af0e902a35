"""`newsletter serve`: readers' pages, and what is due."""

import threading
from collections.abc import Callable

import click

from newsletter.app.maintenance import Maintenance
from newsletter.cli.context import CliContext
from newsletter.cli.logging_setup import configure_logging
from newsletter.cli.run import send_due
from newsletter.errors import NewsletterError
from newsletter.i18n import _
from newsletter.web.public.app import create_app
from newsletter.web.public.site import PublicSite
from newsletter.web.server import DUE_INTERVAL_SECONDS, MAIL_INTERVAL_SECONDS, listen
from newsletter.web.server import serve as run_server


@click.command(help=_("Answer readers' pages and send what is due, until Ctrl-C."))
@click.option("--host", help=_("Listen here instead of web.host."))
@click.option("--port", type=click.IntRange(1, 65535), help=_("Listen here instead of web.port."))
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help=_("How events are logged."),
)
@click.pass_obj
def serve(context: CliContext, host: str | None, port: int | None, log_format: str) -> None:
    """Run the web server, and the clock beside it, in one process."""
    configure_logging(log_format)
    workspace = context.workspace
    web = workspace.settings.web
    at = listen(host or web.host, port or web.port)
    app = create_app(PublicSite.from_workspace(workspace))
    shown = _(
        "Readers' pages are at http://{host}:{port}. What is planned goes out by itself. End with"
        " Ctrl-C."
    )
    click.echo(shown.format(host=host or web.host, port=at.getsockname()[1]))
    upkeep = Maintenance(workspace)
    work = (
        (_ResilientTask(context, lambda stop: send_due(context, stop)), DUE_INTERVAL_SECONDS),
        (_ResilientTask(context, upkeep), MAIL_INTERVAL_SECONDS),
    )
    run_server(app, at, work, trusted_proxies=web.forwarded_allow_ips)


class _ResilientTask:
    """Ticks, and lets no passing fault end the server: the next tick tries again.

    A fault that stays is told once.
    """

    def __init__(self, context: CliContext, work: Callable[[threading.Event], None]) -> None:
        self._context = context
        self._work = work
        self._last_message = ""

    def __call__(self, stop: threading.Event) -> None:
        try:
            self._work(stop)
        except NewsletterError as error:
            said = error.translate(self._context.language)
            if said != self._last_message:
                click.echo(said, err=True)
            self._last_message = said
        else:
            self._last_message = ""
