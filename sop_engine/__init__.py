"""A workflow engine for standard asylum operating procedures."""
