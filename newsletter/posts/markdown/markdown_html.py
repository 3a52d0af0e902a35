"""The text of a Markdown post as HTML: without the marks that only a site generator understands."""

import re

from newsletter.markdown import to_html

#: Hugo's shortcodes, Liquid's and Nunjucks' tags; what stands between {% highlight %} and its end
#: goes with them.
_BLOCK_TAG = re.compile(
    r"\{%-?\s*(highlight|raw|comment|figure|gallery"
    r"|include_cached)\b[^%]{0,500}%\}.*?\{%-?\s*end\1\s*-?%\}",
    re.DOTALL,
)
_TEMPLATE_TAG = re.compile(
    r"\{\{[<%].{0,2000}?[>%]\}\}|\{%.{0,2000}?%\}|\{\{.{0,500}?\}\}", re.DOTALL
)
#: Kramdown's attributes, on a line of their own or after a picture or a heading: {: .class},
#: {:toc}, {#id}.
_ATTRIBUTES = re.compile(r"\{:[^}\n]{0,300}\}|(?<=\s)\{[#.][^}\n]{0,100}\}[ \t]*$", re.MULTILINE)
#: "##About": a heading for older generators, a paragraph for CommonMark; "#tag" is none.
_TIGHT_HEADING = re.compile(r"^ {0,3}(#{2,6})(?=[^\s#])", re.MULTILINE)
#: MkDocs' and Docusaurus' boxes: "!!! note", ":::tip".
_ADMONITION = re.compile(r"^(?:!!!|\?\?\?\+?|:::)[ \t]*.{0,200}$", re.MULTILINE)
#: ":tada:"
_EMOJI = re.compile(r"(?<!\S):[a-z][a-z0-9_+-]{1,30}:(?!\S)[ \t]?")
#: Footnotes: "[^1]: …" with the lines that belong to it, and "[^1]" in the text.
_FOOTNOTE = re.compile(
    r"^\[\^[^\]\s]{1,40}\]:.*(?:\n(?:[ \t]+\S.*|[ \t]*(?=\n[ \t]+\S)))*", re.MULTILINE
)
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,40}\](?!:)")
_MORE_MARK = re.compile(
    r"<!--\s*(?:more|excerpt|PELICAN_END_SUMMARY|endexcerpt|truncate)\s*-->", re.IGNORECASE
)
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
#: Characters of a text that are read.
_MAX_TEXT_CHARS = 200_000


def render_body(text: str) -> str:
    """Return a Markdown text as HTML, which must still be cleaned."""
    return to_html(strip_generator_syntax(text[:_MAX_TEXT_CHARS]), raw_html=True)


def get_text_before_more(text: str) -> str | None:
    """Return what stands before `<!--more-->`: the summary that its author chose.

    None where there is no such mark.
    """
    mark = _MORE_MARK.search(text)
    return text[: mark.start()] if mark and text[: mark.start()].strip() else None


def strip_generator_syntax(text: str) -> str:
    """Return a text without shortcodes, template tags, attributes and footnotes.

    What is code stays as it is.
    """
    text = _BLOCK_TAG.sub("", text)
    parts: list[str] = []
    plain: list[str] = []
    fence = ""
    for line in text.split("\n"):
        opening = _FENCE.match(line)
        if opening and not fence:
            parts.append(_strip_outside_code("\n".join(plain)))
            plain, fence = [], opening.group(1)
            parts.append(line)
        elif fence:
            parts.append(line)
            if opening and line.strip() == opening.group(1) and opening.group(1).startswith(fence):
                fence = ""
        else:
            plain.append(line)
    parts.append(_strip_outside_code("\n".join(plain)))
    return "\n".join(parts)


def _strip_outside_code(text: str) -> str:
    if "##" in text:
        text = _TIGHT_HEADING.sub(r"\n\1 ", text)
    if "{" in text:
        text = _ATTRIBUTES.sub("", _TEMPLATE_TAG.sub("", text))
    if "!!!" in text or "???" in text or ":::" in text:
        text = _ADMONITION.sub("", text)
    if ":" in text:
        text = _EMOJI.sub("", text)
    if "[^" in text:
        text = _FOOTNOTE_MARK.sub("", _FOOTNOTE.sub("", text))
    return text
