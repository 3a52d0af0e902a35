"""The pages for readers: leave the list, look at an issue in the browser.

Run by `newsletter serve` or any ASGI server.
"""

from newsletter.web.public.app import create_app
from newsletter.web.public.site import PublicSite

__all__ = ["PublicSite", "create_app"]
