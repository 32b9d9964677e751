"""All contracts of a practice: which one holds for a payer on a day. Two at once are refused when they are read."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from superbill.pricing.contract import Contract
from superbill.pricing.contract_model import Agreement, ContractError


class ContractBook:
    """Contracts by payer. Raises ContractError where two of one payer and practice hold on the same day.

    Each contract comes with the file that it was read from, for messages. A contract that names its practice goes
    before one for any practice.
    """

    __slots__ = ("_by_payer", "_files")

    def __init__(self, contracts: Iterable[tuple[str, Contract]] = ()) -> None:
        self._by_payer: dict[str, list[Contract]] = {}
        self._files: dict[str, str] = {}
        wrong: list[str] = []
        for file, contract in contracts:
            agreement = contract.agreement
            if agreement.key in self._files:
                first = self._files[agreement.key]
                wrong.append(f"{file}: key {agreement.key!r} is that of {first} too. Give each contract its own.")
                continue
            for other in self._by_payer.get(agreement.payer, []):
                if other.agreement.practice == agreement.practice and _meet(other.agreement, agreement):
                    key = other.agreement.key
                    what = f"holds on the same days as {key!r} of {self._files[key]}, for payer {agreement.payer!r}"
                    wrong.append(f"{file}: {what}. End one the day before the other begins.")
            self._files[agreement.key] = file
            self._by_payer.setdefault(agreement.payer, []).append(contract)
        if wrong:
            raise ContractError(wrong)

    def __iter__(self) -> Iterator[Contract]:
        for _, contracts in sorted(self._by_payer.items()):
            yield from sorted(contracts, key=lambda each: (each.agreement.start, each.agreement.key))

    def __len__(self) -> int:
        return len(self._files)

    def file(self, key: str) -> str:
        """The file that a contract was read from."""
        return self._files[key]

    def find(self, payer: str, day: date, practice: str = "") -> Contract | None:
        """The contract with this payer (its key at the site) that holds on `day`; None when there is none."""
        fitting = [
            each
            for each in self._by_payer.get(payer, ())
            if day in each.agreement.period and each.agreement.practice in ("", practice)
        ]
        return max(fitting, key=lambda each: each.agreement.practice, default=None)

    def on(self, day: date, practice: str = "") -> Sequence[Contract]:
        """The contract of each payer that holds on `day`."""
        found = (self.find(payer, day, practice) for payer in sorted(self._by_payer))
        return [contract for contract in found if contract is not None]

    def named(self, key: str) -> Contract | None:
        """The contract of this key."""
        return next((each for each in self if each.agreement.key == key), None)


def _meet(one: Agreement, other: Agreement) -> bool:
    last, first = sorted((one, other), key=lambda each: each.start, reverse=True)
    return first.end is None or last.start <= first.end
