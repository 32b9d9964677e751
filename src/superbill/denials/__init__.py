"""Why payers refuse, what mends it, and by when."""
