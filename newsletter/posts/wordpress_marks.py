"""What WordPress leaves in a text: the mark that ends the author's own summary, and shortcodes."""

import re

#: `<!--more-->` as it is kept, and as the site shows it.
_MORE_MARK = re.compile(
    r"<!--\s*more\b.{0,100}?-->|<span id=\"more-\d{1,20}\">\s*</span>", re.DOTALL
)
_CAPTION_SHORTCODE = re.compile(
    r"\[(caption|wp_caption)\b[^\]]{0,1000}\](.{0,5000}?)\[/\1\]", re.DOTALL
)
_SHORTCODE = re.compile(
    r"\[/?(?:[a-z][\w-]{0,40}\s[^\[\]]{0,40}=[^\[\]]{0,2000}|(?:gallery|embed|audio|video"
    r"|playlist|caption|wp_caption|vc_\w+|et_pb_\w+|fusion_\w+)\b[^\[\]]{0,2000})/?\]"
)


def mark_lead(html: str) -> str:
    """Return a text in which what stands before the "more" mark is the author's own summary.

    It gets the class "ingress".
    """
    found = _MORE_MARK.search(html)
    if not found:
        return html
    return f'<div class="ingress">{html[: found.start()]}</div>{html[found.end() :]}'


def strip_shortcodes(html: str) -> str:
    """Return a text as it lies in WordPress' database without its shortcodes.

    What a caption says goes into a `<figcaption>`.
    """
    if "[" not in html:
        return html
    return _SHORTCODE.sub("", _CAPTION_SHORTCODE.sub(r"<figure>\2</figure>", html))
