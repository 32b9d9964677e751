"""How payers judge units above an MUE: policy.yaml, read once."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from superbill.claims.inputs import PayerKind
from superbill.claims.model import Claim
from superbill.findings import Severity


class Policy(Struct, frozen=True, forbid_unknown_fields=True):
    """`likely`: what units above an MAI 3 do with each kind of payer; `by_line`: payers that look at each line alone.

    `suppliers` are beginnings of taxonomy codes, `hospital_bills` the first two digits of types of bill.
    """

    likely: dict[PayerKind, Severity]
    by_line: frozenset[PayerKind]
    suppliers: tuple[str, ...]
    hospital_bills: frozenset[str]

    def setting(self, claim: Claim) -> str:
        """Whose table a claim is held to: "practitioner", "hospital" or "dme"; "" for a bill that none is about."""
        if claim.institutional is not None:
            return "hospital" if claim.institutional.facility_type in self.hospital_bills else ""
        return "dme" if claim.billing.taxonomy.startswith(self.suppliers) else "practitioner"


@cache
def policy() -> Policy:
    """What policy.yaml says."""
    return msgspec.yaml.decode(files(__package__).joinpath("policy.yaml").read_text("utf-8"), type=Policy)
