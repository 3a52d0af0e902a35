"""The whole way on a made-up authority's posts, with servers of its own on this machine and nothing beyond it."""
