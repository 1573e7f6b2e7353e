"""Papers: one file for each paper an office issues."""
