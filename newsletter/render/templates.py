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
    TemplateNotFound,
    TemplateSyntaxError,
)
from markupsafe import Markup

from newsletter.errors import RenderError
from newsletter.i18n import load_catalogue
from newsletter.render.plaintext import fold, underline_heading
from newsletter.render.safe_text import finalize_value
from newsletter.render.template_budget import BudgetedEnvironment, charge_value, open_budget

#: Characters that one template may print: a letter of a thousand posts.
_MAX_OUTPUT_CHARS = 2_000_000


@lru_cache(maxsize=32)
def _build_environment(
    folders: tuple[Path, ...], language: str, *, is_text: bool
) -> BudgetedEnvironment:
    environment = BudgetedEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=not is_text,
        undefined=StrictUndefined,
        finalize=_finalize_text if is_text else _finalize_markup,
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


def _finalize_text(value: object) -> str:
    charge_value(value)
    return str(value)


def _finalize_markup(value: object) -> Markup:
    charge_value(value)
    return finalize_value(value)


def render_template(
    folders: tuple[Path, ...], name: str, values: Mapping[str, Any], *, language: str
) -> str:
    """Return a template filled; `*.txt.j2` prints values as they are, all others escape them.

    Raises RenderError with the template's name and line.
    """
    environment = _build_environment(folders, language, is_text=name.endswith(".txt.j2"))
    try:
        with open_budget():
            printed: str = environment.get_template(name).render(values)
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

    if len(printed) > _MAX_OUTPUT_CHARS:
        raise RenderError(
            "{file} prints more than {most} million characters. Take posts out of the issue, or"
            " mend the theme.",
            file=name,
            most=_MAX_OUTPUT_CHARS // 1_000_000,
        )
    return printed


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
