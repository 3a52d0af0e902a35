"""The preview: look at an issue in the browser while it is being written, and change it there.

    watch → page asks → look | mail (fill, force scheme) → frames
    then check → report (checks, facts, headers) → beside them

It listens on 127.0.0.1 only, and answers only whoever knows the address that the terminal shows.
"""
