"""What is measured: how good and fast teasers are, how true letters are drawn, how fast they go out, what list and pages bear."""
