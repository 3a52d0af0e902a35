"""The list: who reads, who said yes and when, who is never to be mailed again."""
