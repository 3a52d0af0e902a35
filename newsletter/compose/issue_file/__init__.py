"""The issue file: Markdown that staff edit, read and written without losing a word."""
