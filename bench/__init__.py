"""Measurements, each as a ratio against the floor or a peer in the same run. `python -m bench [NAME …]`."""
