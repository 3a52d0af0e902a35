"""How long a list of a million takes, beside SQLite's own shell.

And unsubscribing while letters go out.
"""
