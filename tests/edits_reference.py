"""The reference tables that the cases of the edits run on: the embedded code sets and the samples of the edits."""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from superbill.codesets.importing import import_file
from superbill.codesets.store import Store
from superbill.edits import Reference
from tests.codesets import embedded_folder

SAMPLES = Path(__file__).parents[1] / "src" / "superbill" / "edits" / "samples"


@cache
def sample_store() -> Store:
    """The embedded releases and the samples, built once for each test process. Nobody writes into it."""
    folder = Path(tempfile.mkdtemp(prefix="superbill-edits-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for release in embedded_folder().iterdir():
        os.link(release, folder / release.name)
    for sample in sorted(SAMPLES.iterdir()):
        if sample.suffix != ".md":
            import_file(sample, folder, force=True)
    return Store(folder)


@cache
def sample_reference() -> Reference:
    """The tables of `sample_store`."""
    return Reference(sample_store())
