"""A newsletter with pages and a mail server that keeps what it takes."""

from tests.app.newsletter_app import newsletter_app, open_newsletter_app, recording_server

__all__ = ["newsletter_app", "open_newsletter_app", "recording_server"]
