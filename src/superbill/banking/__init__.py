"""Bank statements read, and held against what was posted."""
