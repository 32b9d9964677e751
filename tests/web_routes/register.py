"""The register."""

import io
from typing import Any

from msgspec.structs import replace
from PIL import Image

from superbill.app.accounts.permissions import Role
from superbill.app.billing.actions import PaymentFacts, take_payment
from superbill.app.documents import encoded
from superbill.app.eligibility.estimating import keep_estimate
from superbill.app.eligibility.models import CoverageCheck
from superbill.app.eligibility.telling import Told
from superbill.app.encounters.drops import NewFile, keep_drop, keep_look
from superbill.app.encounters.queries_drops import files_of
from superbill.app.path.bringing import Looked, LooseNote
from superbill.app.patients.actions import import_charts
from superbill.app.patients.cards import keep_card
from superbill.app.patients.merging import merge_patients
from superbill.app.patients.models import PatientRow, Side
from superbill.app.patients.previewing import SeenPatient
from superbill.chart.model import CoverageRecord
from superbill.claims.model import Address
from superbill.pricing.good_faith import ExpectedProvider, ExpectedService, GoodFaithEstimate
from tests.app_samples import AT, TODAY, chart
from tests.web_routes import Listed

_EMPTY = {"version": "1"}
ROUTES = {
    "find": Listed(lacking=Role.ADMINISTRATOR, body={"q": "Family"}, reads="patient"),
    "register": Listed(lacking=Role.ADMINISTRATOR, reads="patient"),
    "register-new": Listed(lacking=Role.CODER, body={"last": ""}, gives=422),
    "patient": Listed(lacking=Role.ADMINISTRATOR, reads="patient"),
    "patient-edit": Listed(lacking=Role.CODER, reads="patient"),
    "record": Listed(lacking=Role.ADMINISTRATOR, reads="patient"),
    "visit-new": Listed(lacking=Role.CODER, reads="patient"),
    "visit-edit": Listed(lacking=Role.CODER, reads="encounter"),
    "charts-import": Listed(lacking=Role.CODER),
    "chart-drop": Listed(lacking=Role.CODER, reads="patient"),
    "chart-note": Listed(lacking=Role.CODER, reads="chart file"),
    "chart-bring": Listed(lacking=Role.CODER, body={}, gives=302, page=False),
    "chart-discard": Listed(lacking=Role.CODER, body={}, gives=302, page=False),
    "coverages": Listed(lacking=Role.ADMINISTRATOR, reads="patient"),
    "coverage-new": Listed(lacking=Role.CODER, reads="patient"),
    "coverage-order": Listed(lacking=Role.CODER, body=_EMPTY, gives=303, reads="patient", page=False),
    "coverage": Listed(lacking=Role.CODER, reads="patient"),
    "card-keep": Listed(lacking=Role.CODER, body={}, gives=303, reads="patient", page=False),
    "card": Listed(lacking=Role.ADMINISTRATOR, reads="patient", page=False),
    "authorizations-import": Listed(lacking=Role.CODER),
    "benefits": Listed(lacking=Role.CODER, reads="patient"),
    "check-files": Listed(lacking=Role.CODER, reads="patient"),
    "visits-ahead": Listed(lacking=Role.CODER),
    "estimates": Listed(lacking=Role.CODER, reads="patient"),
    "estimate-pdf": Listed(lacking=Role.ADMINISTRATOR, reads="patient", page=False),
    "authorizations": Listed(lacking=Role.ADMINISTRATOR, reads="patient"),
    "authorization-withdraw": Listed(lacking=Role.CODER, body={}, gives=303, reads="patient", page=False),
    "copay": Listed(lacking=Role.CODER, reads="patient"),
    "desk-receipt": Listed(lacking=Role.CODER, reads="patient", page=False),
    "merge": Listed(lacking=Role.FRONT_DESK, reads="patient"),
    "merge-undo": Listed(lacking=Role.FRONT_DESK, body={}, gives=302, reads="patient", page=False),
}


def keys(system: Any, office: Any, _folder: Any) -> dict[str, tuple[object, ...]]:
    """A patient with a card, a check, an estimate and a receipt, and another who was merged into them."""
    (patient,) = office.keys["account"]
    covered = replace(chart(71), coverages=(CoverageRecord(id="c1", payer="One", member_id="M71"),))
    import_charts(system, [covered, chart(72)], at=AT)
    rows = dict(office.rows(PatientRow).values_list("source_id", "id"))
    picture = io.BytesIO()
    Image.new("RGB", (32, 20), "white").save(picture, "PNG")
    card = keep_card(system, patient, "c1", Side.FRONT, picture.getvalue(), at=AT)
    taken = take_payment(system, 10_00, PaymentFacts(method="cash", patients=(patient,)), "k", TODAY, at=AT)
    keep_estimate(system, patient, good_faith(), at=AT)
    check = CoverageCheck(
        practice_id=system.practice_id, patient_id=patient, coverage="c1", payer_key="one", number=1, on=TODAY,
        doc=encoded(Told(refused=("75",))), question="ST*270*0001~", answer="ST*271*0001~", by="system", at=AT,
    )  # fmt: skip
    office.rows(CoverageCheck).bulk_create([check])
    merge = merge_patients(system, patient, rows["p72"], "same person", at=AT)
    one = (patient,)
    return {
        **dict.fromkeys(
            (
                "patient", "patient-edit", "record", "coverages", "coverage-new", "coverage-order", "benefits",
                "estimates", "authorizations", "authorization-withdraw", "copay", "visit-new",
            ),
            one,
        ),
        "coverage": (rows["p71"], 1), "card-keep": (rows["p71"], 1), "card": (card,), "check-files": (check.pk,),
        "estimate-pdf": (1,), "desk-receipt": (int(taken.receipt[1:]),), "merge": (patient, rows["p71"]),
        "merge-undo": (merge,), "visit-edit": ("A1001",),
        **_of_files(system, patient),
    }  # fmt: skip


def _of_files(system: Any, patient: int) -> dict[str, tuple[object, ...]]:
    """Charts that were dropped and looked into, and a note by itself."""
    drop, other = (keep_drop(system, [NewFile("n.txt", "n.txt", b"Cough.")], at=AT) for _ in range(2))
    here = SeenPatient(family="Else", given="B", birth_date=None, state="same", id=patient)
    counts = dict.fromkeys(("new", "changed", "same", "late"), 1)
    (note,) = files_of(system.scope, other)
    loose = LooseNote(file=note.id, name="n.txt", kind="plain")
    looked = Looked(files=1, patients=counts, visits=counts, people=(here,), notes=(loose,))
    keep_look(system, drop, looked, at=AT)
    return {**dict.fromkeys(("chart-drop", "chart-bring", "chart-discard"), (drop,)), "chart-note": (note.id,)}


def good_faith() -> GoodFaithEstimate:
    """An estimate as the law asks for it."""
    service = ExpectedService(code="99213", charge=120_00)
    provider = ExpectedProvider(
        name="Lakeside", npi="1234567893", tin="123456789", convening=True, services=(service,),
        address=Address("1 Main St", "Springfield", "IL", "62701"),
    )  # fmt: skip
    return GoodFaithEstimate(
        patient_name="A B", birth_date=TODAY, primary="a visit", issued=TODAY, providers=(provider,)
    )
