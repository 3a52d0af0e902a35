"""Read posts: fetched with care, parsed, cleaned into blocks of text, and told apart.

    fetch | feed or markdown | Post          (reading: sources.read_source)
    Post.body | clean.blocks                 (what a summary is made of)
    identity                                 (which post it is)

**Nothing that comes from outside is trusted here or leaves as HTML: titles are lines of plain text,
links are http(s).**
"""
