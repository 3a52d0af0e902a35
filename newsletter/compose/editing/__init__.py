"""Edit an issue: single edits, three-way merge, differences."""
