"""Pick: which posts an issue announces, and which are the same."""
