"""Draw an SVG as PNG: resvg, in a process of its own with a time limit, for drawings that come from outside.

No script runs in resvg, and nothing is fetched. It would read files of this machine that a drawing names: such drawings are refused.
"""

import re
import subprocess
import sys

from newsletter.errors import PictureError

#: Bytes of a drawing, and seconds that drawing it may take.
LARGEST, PATIENCE = 2_000_000, 10.0
_HEAD = re.compile(
    rb"\A\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!DOCTYPE[^>\[]*>\s*)*<svg[\s>]", re.DOTALL | re.IGNORECASE
)
#: Entities that grow, other files, whole pages.
_REFUSED = re.compile(r"<!ENTITY|<(?:\w+:)?(?:image|feImage|foreignObject)\b|@import|url\(\s*[\"']?(?!#)|xi:include", re.IGNORECASE)
_CODE = """
import resvg_py, sys
sys.stdout.buffer.write(bytes(resvg_py.svg_to_bytes(svg_string=sys.stdin.buffer.read().decode("utf-8"), width=int(sys.argv[1]))))
"""


def is_svg(content: bytes) -> bool:
    """Say whether a file is an SVG drawing."""
    return bool(_HEAD.match(content[:4_000]))


def as_png(content: bytes, *, width: int) -> bytes:
    """Return a drawing as PNG of so many pixels in width. Raises PictureError where that can't or shouldn't be done."""
    text = content.decode("utf-8", "replace")
    if len(content) > LARGEST or _REFUSED.search(text):
        raise PictureError("The SVG drawing is too large, or holds other files. Save it as PNG.")
    try:
        drawn = subprocess.run(  # noqa: S603 - our own code, no shell; the drawing comes by a pipe
            [sys.executable, "-I", "-c", _CODE, str(width)], input=text.encode("utf-8"), capture_output=True, timeout=PATIENCE, check=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise PictureError("The SVG drawing can't be drawn. Save it as PNG.") from error
    return drawn.stdout
