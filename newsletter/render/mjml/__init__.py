"""Turn MJML into HTML by mjml-python (mrml), the only module that knows it.

check | cure | mjml2html
"""

from mjml import mjml2html

from newsletter.errors import RenderError
from newsletter.render.mjml.validator import MjmlProblem, find_problems
from newsletter.render.mjml.workarounds import apply_workarounds

__all__ = ["MjmlProblem", "find_problems", "to_html"]


def to_html(source: str) -> str:
    """Return the HTML of an MJML source that `problems` has passed.

    No remote fonts (`fonts={}`), no includes, comments dropped except Outlook's conditional ones.
    mrml's panics derive from BaseException: they become RenderError like its ValueError.
    """
    try:
        return str(mjml2html(apply_workarounds(source), disable_comments=True, fonts={}))
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        if isinstance(error, MemoryError):
            raise
        raise RenderError(
            "The MJML of the letter can't be drawn ({cause}). See `newsletter render ISSUE --format"
            " mjml`.",
            cause=error,
        ) from None
