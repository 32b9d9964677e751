"""Work in progress: what members asked for that takes longer than a page."""
