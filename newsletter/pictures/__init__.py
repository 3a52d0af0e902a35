"""Make pictures fit for mail.

Turned, scaled, in a form that every client shows, without what cameras write into them.

address → fetched (handed in) → drawn → kept under a name made of its content → shown under
public_url/pictures/NAME
"""
