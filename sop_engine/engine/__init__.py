"""The engine: what can be done now, by whom and why not, and what a step changes."""
