"""Between the values of a guide's loops and our documents: one module per document, each with its two directions."""
