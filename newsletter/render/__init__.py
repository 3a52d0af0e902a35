"""Draw an issue: HTML with inlined CSS and a text part, both with slots for what is personal.

issue → plain values → MJML → check, cure, mrml → HTML → inlined CSS → too large? with fewer cards,
again
                     → text template            → text
"""

from typing import Any

from newsletter.domain.issue import Issue, RenderedIssue
from newsletter.errors import RenderError
from newsletter.render import css, mjml, templates
from newsletter.render.context import Imprint, build_context
from newsletter.render.layout import arrange, count_cards, reduce_cards
from newsletter.render.theme import Theme

#: Bytes that what is personal may add to a letter: an address and three links.
MAX_PERSONAL_BYTES = 500
MJML_TEMPLATE, CSS_TEMPLATE, TEXT_TEMPLATE = (
    "newsletter.mjml.j2",
    "inline.css.j2",
    "newsletter.txt.j2",
)

__all__ = ["Imprint", "Theme", "render"]


def render(issue: Issue, theme: Theme, imprint: Imprint, *, nonce: str) -> RenderedIssue:
    """Return an issue drawn in a theme; the same arguments give the same bytes.

    `nonce` (8 to 64 small letters and digits, not to be guessed) is in the placeholders of the
    slots. Raises RenderError where the theme is wrong or the issue can't be drawn.
    """
    if nonce in repr(issue):
        raise RenderError("The issue holds the nonce of its own slots. Draw it with another.")
    cards = most = count_cards(arrange(issue, theme.cards))
    values, source, html = _render_html(issue, theme, imprint, nonce=nonce, max_cards=most)
    while (less := reduce_cards(most, len(html.encode()) + MAX_PERSONAL_BYTES)) is not None:
        most = less
        values, source, html = _render_html(issue, theme, imprint, nonce=nonce, max_cards=most)
    plain = build_context(issue, theme, imprint, nonce=nonce, max_cards=most, as_text=True)
    return RenderedIssue(
        subject=values["subject"],
        preheader=values["preheader"],
        language=values["language"],
        html=html,
        text=_strip_blank_space(
            templates.render_template(
                theme.folders, TEXT_TEMPLATE, plain, language=values["language"]
            )
        ),
        mjml=source,
        slots=values["slots"],
        shortened=cards - most,
    )


def _render_html(
    issue: Issue, theme: Theme, imprint: Imprint, *, nonce: str, max_cards: int
) -> tuple[dict[str, Any], str, str]:
    """Return the values, the MJML and the HTML of a letter with so many cards at most."""
    values = build_context(issue, theme, imprint, nonce=nonce, max_cards=max_cards)
    source = templates.render_template(
        theme.folders, MJML_TEMPLATE, values, language=values["language"]
    )
    _raise_first_problem(source, theme)
    rules = templates.render_template(
        theme.folders, CSS_TEMPLATE, values, language=values["language"]
    )
    return values, source, css.inline_css(mjml.to_html(source), rules)


def _raise_first_problem(source: str, theme: Theme) -> None:
    """Raise RenderError with the first mistake in the MJML, and its place in the template."""
    problem = next(mjml.find_problems(source), None)
    if problem is None:
        return
    tag = (
        problem.raw.split()[0].rstrip("/>") if problem.raw.startswith("<") else problem.raw.strip()
    )
    own = templates.locate_source(
        theme.folders,
        lambda text: text.find(problem.raw) if problem.raw in text else text.find(tag),
    )
    if own:
        file, line, column = own
        raise RenderError(
            "{file}, line {line}, column {column}: {problem}",
            file=file,
            line=line,
            column=column,
            problem=problem.message,
        )
    raise RenderError(
        "The letter's MJML, line {line}, column {column}: {problem} See it with: newsletter render"
        " ISSUE --format mjml",
        line=problem.line, column=problem.column, problem=problem.message,
    )  # fmt: skip


def _strip_blank_space(text: str) -> str:
    """Take away blanks at the ends of lines, and blank lines beyond two."""
    tidied: list[str] = []
    for line in text.split("\n"):
        kept = line.rstrip()
        if kept or any(tidied[-2:]):
            tidied.append(kept)
    return "\n".join(tidied).strip() + "\n"
