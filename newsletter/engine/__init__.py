"""Who runs the work: the embedded engine, in one process and without any service."""
