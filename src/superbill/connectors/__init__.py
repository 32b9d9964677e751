"""Transport to clearinghouses and payers: a folder per connector, each alike (see base.Connector)."""

from superbill.connectors.base import Connector, ConnectorError, NameTaken

__all__ = ["Connector", "ConnectorError", "NameTaken"]
