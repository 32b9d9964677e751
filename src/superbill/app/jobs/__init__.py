"""Work that takes longer than a page: asked for by a member, done by a worker, its progress shown on a page."""
