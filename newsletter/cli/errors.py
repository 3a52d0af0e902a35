"""Turn errors into a sentence on standard error and an exit code: the only place that does."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click

from newsletter.errors import NewsletterError
from newsletter.i18n import _, detect_interface_language

EXIT_DONE, EXIT_FAILED, EXIT_WRONG_USE, EXIT_INCOMPLETE = 0, 1, 2, 3


@contextmanager
def handle_errors() -> Iterator[None]:
    """Show an error of ours, exit with 1; Ctrl-C exits with 130, a closed pipe quietly."""
    try:
        yield
    except NewsletterError as error:
        click.secho(
            error.translate(detect_interface_language()),
            err=True,
            fg="red" if sys.stderr.isatty() else None,
        )
        raise click.exceptions.Exit(EXIT_FAILED) from error
    except BrokenPipeError:
        # Whoever read our output has enough (newsletter posts | head): nothing is wrong.
        sys.stderr.close()
        raise click.exceptions.Exit(EXIT_FAILED) from None
    except click.exceptions.Abort:  # Ctrl-C or Ctrl-D where a question waits for its answer
        click.echo(_("Stopped."), err=True)
        raise click.exceptions.Exit(EXIT_FAILED) from None
    except KeyboardInterrupt:
        click.echo(_("Stopped."), err=True)
        raise click.exceptions.Exit(130) from None


def drop_unwritable_output() -> None:
    """Point a standard stream that can't be flushed at the null device.

    A closed pipe is one, and a terminal that is gone.

    Python flushes both once more as it ends; where that fails it exits with 120, whatever the
    command had said. See "Note on SIGPIPE" in the documentation of Python's `signal`.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # ValueError: it was closed
            with suppress(OSError, ValueError):
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, stream.fileno())
                os.close(null)
