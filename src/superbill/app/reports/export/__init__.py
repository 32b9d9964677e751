"""Everything that a practice has, out of the database and provably the same: CSV or Parquet, schema, manifest."""
