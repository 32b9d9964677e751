"""Today: what waits for whom, and why."""
