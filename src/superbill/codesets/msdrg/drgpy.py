"""The grouper of the package drgpy: written after the definitions manual, in Python alone, versions 36 to 43.1.

It takes no age, and puts some diagnoses that may not be principal into groups all the same: its groups are a guide.
"""

from functools import cache
from importlib.metadata import version as installed_version
from typing import Any

from superbill.codesets.msdrg.stay import Grouped, Stay
from superbill.codesets.optional import load

_DIED = frozenset({"20", "40", "41", "42"})


class DrgPy:
    """`Grouper` by drgpy. The tables of a version are read when it is first asked for (about 100 MB each)."""

    def __init__(self, module: Any) -> None:
        self._module = module
        self._engines: dict[str, Any] = {}
        self.name = f"drgpy {installed_version('drgpy')}"

    def group(self, stay: Stay, version: str) -> Grouped:
        """Raises ValueError for a version that the package lacks."""
        diagnoses = (stay.principal, *stay.secondary)
        drg = self._engine(version).get_drg(
            [each.code for each in diagnoses],
            list(stay.procedures),
            gender="F" if stay.sex == "F" else "M",
            is_alive=stay.discharge_status not in _DIED,
            poa=[each.poa or "Y" for each in diagnoses],
            discharge_status=stay.discharge_status,
        )
        found = f"{int(drg or 0):03d}"
        if found == "000":
            return Grouped(drg="999", problem="no group found", grouper=self.name, version=version)
        return Grouped(drg=found, grouper=self.name, version=version)

    def _engine(self, version: str) -> Any:
        wanted = "v" + version.removesuffix(".0")
        if wanted not in self._engines:
            try:
                self._engines[wanted] = self._module.DRGEngine(version=wanted)
            except (KeyError, ValueError, FileNotFoundError) as problem:
                raise ValueError(f"{self.name} lacks version {version} of the MS-DRG definitions") from problem
        return self._engines[wanted]


@cache
def make() -> DrgPy:
    """The one grouper of the process. Raises NotInstalled."""
    return DrgPy(load("drgpy.msdrg", extra="drg", purpose="MS-DRG grouping"))
