"""Records: from a case and its events to a document and its PDF."""
