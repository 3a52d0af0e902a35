"""The preview: look at an issue in the browser while it is being written.

    watch → page asks → look | letter (fill, dress) → frames    then examine | report (checks, facts, headers) → beside them

It listens on 127.0.0.1 only, and answers only who knows the address that the terminal shows.
"""

from newsletter.web.preview.app import create_app
from newsletter.web.preview.backends import (
    CheckedMessage,
    IssuePreview,
    PictureContent,
    PreviewBackend,
)

__all__ = ["CheckedMessage", "IssuePreview", "PictureContent", "PreviewBackend", "create_app"]
