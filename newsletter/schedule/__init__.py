"""When an issue goes out."""
