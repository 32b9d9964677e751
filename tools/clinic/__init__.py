"""Sources and small readers of the bundled fictional clinic."""
