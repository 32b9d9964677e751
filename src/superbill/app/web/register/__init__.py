"""Register: patients, their coverages, and what their insurance says."""
