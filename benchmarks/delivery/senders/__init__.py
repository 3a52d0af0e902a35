"""One program a sender: each is run as a whole process with a job file, and says when it began and ended."""
