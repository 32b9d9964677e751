"""Claims: lists, a claim's life, its forms."""
