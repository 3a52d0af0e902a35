"""What is measured: how good and fast the teasers are, and how fast letters go out."""
