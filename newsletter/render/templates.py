"""Fill a theme's templates: Jinja2 in its immutable sandbox, with plain values only.

Everything that `{{ … }}` prints in MJML and CSS goes through `safe.drawn`; text templates print as
it is.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.errors import RenderError
from newsletter.i18n import load_catalogue
from newsletter.render.plaintext import fold, underline_heading
from newsletter.render.safe_text import finalize_value

#: Longest string or list that a template may make by multiplying, in items.
_MAX_PRODUCT_ITEMS = 100_000


class _TemplateSandbox(ImmutableSandboxedEnvironment):
    """No `'x' * 10**9`: the sandbox of Jinja2 itself lets it through."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        sizes = [
            side if isinstance(side, int) else len(side)
            for side in (left, right)
            if isinstance(side, int | str | list | tuple)
        ]
        if operator == "**" or (len(sizes) == 2 and abs(sizes[0] * sizes[1]) > _MAX_PRODUCT_ITEMS):
            raise TemplateError("too large a product")
        return super().call_binop(context, operator, left, right)


@lru_cache(maxsize=32)
def _build_environment(
    folders: tuple[Path, ...], language: str, *, is_text: bool
) -> ImmutableSandboxedEnvironment:
    environment = _TemplateSandbox(
        loader=FileSystemLoader(folders),
        autoescape=not is_text,
        undefined=StrictUndefined,
        finalize=None if is_text else finalize_value,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    words = load_catalogue(language)
    # the extension's
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=True
    )
    environment.filters |= {"fold": fold, "headline": underline_heading}
    return environment


def render_template(
    folders: tuple[Path, ...], name: str, values: Mapping[str, Any], *, language: str
) -> str:
    """Return a template filled; `*.txt.j2` prints values as they are, all others escape them.

    Raises RenderError with the template's name and line.
    """
    environment = _build_environment(folders, language, is_text=name.endswith(".txt.j2"))
    try:
        return environment.get_template(name).render(values)
    except TemplateSyntaxError as error:
        raise RenderError(
            "{file}, line {line}: {cause}",
            file=error.name or name,
            line=error.lineno,
            cause=error.message or "",
        ) from None
    except TemplateNotFound as error:
        raise RenderError(
            "The theme has no {name}. Copy one from the default theme.", name=error.message or name
        ) from None
    # A template can raise anything; it becomes one sentence with its line.
    except Exception as error:  # noqa: BLE001
        file, line = _locate_error(error, name)
        raise RenderError(
            "{file}, line {line}: {cause}", file=file, line=line, cause=error
        ) from None


def _locate_error(error: Exception, name: str) -> tuple[str, int]:
    """Return the template and the line that an error comes from.

    Jinja2 rewrites its traceback to them.
    """
    place, trace = (name, 0), error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".j2"):
            place = (Path(file).name, trace.tb_lineno)
        trace = trace.tb_next
    return place


def locate_source(
    folders: tuple[Path, ...], find_offset: Callable[[str], int]
) -> tuple[str, int, int] | None:
    """Return file, line and column of the only place in a theme's MJML templates that is meant.

    `is_it` returns its offset in a text, or -1.
    """
    found = []
    seen: set[str] = set()
    for folder in folders:
        for file in sorted(folder.glob("*.mjml.j2")):
            if file.name in seen:
                continue
            seen.add(file.name)
            text = file.read_text("utf-8")
            if (at := find_offset(text)) >= 0:
                found.append((file.name, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)))
    return found[0] if len(found) == 1 else None
