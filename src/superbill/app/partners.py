"""`--to` and `--from` of the batch commands: which trading partner, as KIND:PATH."""

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path

from superbill.app.places import is_postgres, sqlite_path
from superbill.app.session import BadInput
from superbill.connectors.base import Connector

FOLDER = "exchange"
PAYERS_FILE = "payers.toml"
SHAPES = "folder:PATH or simulated:PATH"


def partner(db: str, given: str | None, payers: Path | None, at: datetime) -> AbstractContextManager[Connector]:
    """The connector that `given` names; None is the folder `exchange` beside the database.

    Simulated payers get their clock moved on to `at`: what they owe by then, they pay. Raises BadInput,
    ConnectorError, PayerConfigError.
    """
    beside = Path() if is_postgres(db) else sqlite_path(db).parent
    kind, colon, path = (given or f"folder:{beside / FOLDER}").partition(":")
    if not colon or not path or kind not in ("folder", "simulated"):
        raise BadInput(f"{given}: not a trading partner. Give {SHAPES}.")
    if kind == "folder":
        from superbill.connectors.folder import FolderConnector

        return nullcontext(FolderConnector(Path(path)))
    return _simulated(Path(path), payers, beside, at)


def _simulated(folder: Path, given: Path | None, beside: Path, at: datetime) -> AbstractContextManager[Connector]:
    from superbill.connectors.simulated import SimulatedConnector
    from superbill.payer.config import read_payers

    places = [given] if given else [folder / PAYERS_FILE, folder.parent / PAYERS_FILE, beside / PAYERS_FILE]
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        looked = ", ".join(str(place) for place in places)
        raise BadInput(f"{looked}: no rules for the simulated payers. Name a file with --payers.")
    connector = SimulatedConnector(folder, read_payers(file.read_text("utf-8"), str(file)), now=at)
    if at > connector.now:
        connector.advance(at)
    return connector
