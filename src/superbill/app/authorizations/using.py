"""What was used of authorizations: the claims, or the visits, that carry their numbers, with the units they billed."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.authorizations.queries import Grant
from superbill.app.billing.models import ChargeLine
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.rows import found
from superbill.chart.model import EncounterRecord
from superbill.claims.model import Claim
from superbill.pricing.code_ranges import code_ranges

_VOID = "8"


class Use(Struct, frozen=True, kw_only=True):
    """A claim (`number`) or, for who reads no claims, a visit that used a grant: its units of the codes granted."""

    number: str
    on: date
    units: Decimal
    claim: bool


Uses = dict[tuple[str, str], tuple[Use, ...]]


def uses(scope: Scope, grants: Iterable[Grant], *, claims: bool = True) -> Uses:
    """What used each grant, by payer and number, the latest service first. `claims` False: told by visits."""
    some = list(grants)
    patients = {one.patient for one in some}
    if not patients:
        return {}
    carried = _claims(scope, patients) if claims else _visits(scope, patients)
    made: dict[tuple[str, str], list[Use]] = {}
    for one in some:
        covered = code_ranges(one.codes) if one.codes else None
        for number, payer, carrying, on, lines in carried:
            if bare(carrying) != bare(one.number) or payer not in ("", one.payer_key):
                continue
            units = sum((n for code, n in lines if covered is None or code in covered), Decimal(0))
            made.setdefault((one.payer_key, one.number), []).append(
                Use(number=number, on=on, units=units, claim=claims)
            )
    return {
        key: tuple(sorted(those, key=lambda use: (use.on, use.number), reverse=True)) for key, those in made.items()
    }


def bare(number: str) -> str:
    """A number as it is compared."""
    return "".join(c for c in number.upper() if c.isalnum())


_Carried = list[tuple[str, str, str, date, list[tuple[str, Decimal]]]]


def _claims(scope: Scope, patients: set[int]) -> _Carried:
    columns = ("id", "control_number", "payer_key", "frequency", "replaces_id", "service_start", "doc")
    rows = list(found(scope, ClaimRow, "encounter__patient_id", patients, *columns))
    replaced = {row[4] for row in rows}
    made: _Carried = []
    for row_id, number, payer, frequency, _replaces, on, doc in rows:
        claim = decoded(doc, Claim, f"claim {number}")
        if row_id in replaced or frequency == _VOID:
            continue
        lines = [(line.procedure.code, line.units) for line in claim.lines]
        made += [(number, payer, one, on, lines) for one in (claim.prior_authorization, claim.referral_number) if one]
    return made


def _visits(scope: Scope, patients: set[int]) -> _Carried:
    rows = list(found(scope, EncounterRow, "patient_id", patients, "id", "account_number", "date_of_service", "doc"))
    records = {row[0]: decoded(row[3], EncounterRecord, f"visit {row[1]}") for row in rows}
    wanted = [row for row in rows if records[row[0]].authorization_number]
    lines: dict[int, list[tuple[str, Decimal]]] = {}
    if scope.may(Permission.READ_LEDGER):
        for visit, code, units in found(
            scope, ChargeLine, "encounter_id", [row[0] for row in wanted], "encounter_id", "code", "units"
        ):
            lines.setdefault(visit, []).append((code, Decimal(units)))
    return [
        (number, "", records[row_id].authorization_number, on, lines.get(row_id, []))
        for row_id, number, on, _doc in wanted
    ]
