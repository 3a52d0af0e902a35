"""Pages in a browser: for readers (public) and for editors (preview)."""
