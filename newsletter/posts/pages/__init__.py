"""Pages: an article, or a list of articles, found in HTML."""
