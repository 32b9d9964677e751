"""The simulated payers at the end of a connector: for the demo, for training and for tests."""

from superbill.connectors.simulated.connector import SimulatedConnector

__all__ = ["SimulatedConnector"]
