"""Training: what a scenario pack says, how a person of it answers, and how a trainee's work is graded. Pure."""
