"""Training use cases: packs, sessions, attempts, the conversation, grading. They run in the sandbox only."""
