"""How long a list of a million takes, beside SQLite's own shell; and unsubscribing while letters go out."""
