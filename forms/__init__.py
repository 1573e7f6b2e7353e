"""Forms: questions become fields, and a submitted form becomes typed answers."""
