"""A shared folder: what a clearinghouse's own agent, a mounted drive or a person carries on."""

from superbill.connectors.folder.connector import FolderConnector

__all__ = ["FolderConnector"]
