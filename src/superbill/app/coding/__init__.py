"""Who coded what, on which evidence, with which release: every coding of a visit, never changed."""
