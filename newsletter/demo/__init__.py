"""The whole way on a made-up authority's posts, with servers on this machine alone."""
