"""What the bank has, held against what was posted."""
