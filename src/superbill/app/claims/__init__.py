"""Claims, batches, files received."""
