"""What the doctor writes down while examining."""

from superbill.findings import Finding, Severity, header

FINDINGS_KEPT = 200  # of each rule; the rest are counted: a broken table must not fill the memory


class Notes:
    """Findings so far."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._counts: dict[str, int] = {}

    def add(self, rule: str, place: str, message: str, fix: str) -> None:
        """One difference. `rule` is the part after "doctor."."""
        count = self._counts[rule] = self._counts.get(rule, 0) + 1
        if count <= FINDINGS_KEPT:
            self._kept.append(_finding(rule, place, message, fix))

    def findings(self) -> tuple[Finding, ...]:
        """All that was kept, with one more finding for each rule that had more."""
        more = [
            _finding(
                rule, "", f"{count - FINDINGS_KEPT} more of doctor.{rule}.", "Mend the first ones, then run again."
            )
            for rule, count in self._counts.items()
            if count > FINDINGS_KEPT
        ]
        return (*self._kept, *more)


def _finding(rule: str, place: str, message: str, fix: str) -> Finding:
    return Finding(rule=f"doctor.{rule}", severity=Severity.ERROR, where=header(place), message=message, fix=fix)
