"""The Medicare clinical laboratory fee schedule (CLFS): importer and look-up."""
