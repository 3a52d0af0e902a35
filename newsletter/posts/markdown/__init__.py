"""Markdown: a folder of posts with front matter, as site generators read it."""
