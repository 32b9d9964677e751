"""Tasks: what waits for a person, why, and what became of it."""
