"""Medicare Part B payment limits of drugs (ASP pricing files): importer and look-up."""
