"""What is measured: how good and fast the teasers are, how true letters are drawn, and how fast they go out."""
