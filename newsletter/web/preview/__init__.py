"""The preview: look at an issue in the browser while it is being written.

    look | letter (fill, dress) + report (checks, facts, headers) → page, frames    watch → page reloads

It listens on 127.0.0.1 only, and answers only who knows the address that the terminal shows.
"""

from newsletter.web.preview.app import create_app
from newsletter.web.preview.desk import Desk, Look, ShownPicture

__all__ = ["Desk", "Look", "ShownPicture", "create_app"]
