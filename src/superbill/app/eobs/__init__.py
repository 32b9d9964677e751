"""Paper explanations of benefits, as they are keyed."""
