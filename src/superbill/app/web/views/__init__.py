"""One module per room. A view asks a query, leaves the trace of reading, and fills a template."""
