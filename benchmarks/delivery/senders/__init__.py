"""One program a sender: a whole process with a job file, which says when it began and ended."""
