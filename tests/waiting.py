"""How long tests wait: one bound that only a hang reaches, however busy the machine is."""

#: Seconds.
HANG_SECONDS = 600.0
#: What a browser waits for one thing on a page; Playwright counts in milliseconds.
BROWSER_HANG_MS = 120_000.0
#: CPU of our own process, which no other program's load adds to: what takes more isn't linear.
CPU_SECONDS = 60.0
