"""Questions and disputes, as they were written."""
