"""What payers answered about patients' coverages: every verification, kept as it was told."""
