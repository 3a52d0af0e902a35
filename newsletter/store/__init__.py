"""Everything that is kept: SQL, and nothing that decides."""
