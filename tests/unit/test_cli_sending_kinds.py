"""Ready claims of one payer go out kind by kind, each kind in an interchange of its own, and nothing goes out twice."""

from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, chart, coded
from tests.claim_kind_samples import DENTAL, INPATIENT
from tests.x12_samples import CLAIM

from superbill.app.claims.actions import ClaimDraft, open_claims
from superbill.app.claims.models import Batch, ClaimRow
from superbill.app.encounters.actions import record_coding
from superbill.app.encounters.models import EncounterRow
from superbill.app.path.sending import send_claims
from superbill.app.patients.actions import import_charts
from superbill.claims.model import Claim, Contact
from superbill.cli.output import stages
from superbill.effective import Period
from superbill.site.model import Trading
from superbill.x12 import identify, read_claims

KINDS = (CLAIM, INPATIENT, DENTAL, replace(INPATIENT, control_number="H2P1"))


def _of(account: str, claim: Claim) -> Claim:
    """The sample under the account of an encounter."""
    lines = tuple(replace(line, control_number=f"{account}-{line.number}") for line in claim.lines)
    return replace(claim, control_number=f"{account}P1", lines=lines)


@pytest.fixture
def opened(sqlite_database) -> SimpleNamespace:
    """A session with a claim of each kind ready for one payer, all of one month, and a second institutional one."""
    from superbill.app.accounts.actors import system_actor
    from superbill.app.practices.actions import open_practice

    actor = system_actor(open_practice("lakeside", "Lakeside Family Medicine").pk)
    import_charts(actor, [chart(1, len(KINDS))], at=AT)
    rows = list(actor.scope.rows(EncounterRow).select_related("patient").order_by("id"))
    record_coding(actor, [(row.pk, coded(row.source_id, row.patient.source_id)) for row in rows], at=AT)
    claims = [_of(row.account_number, claim) for row, claim in zip(rows, KINDS, strict=True)]
    drafts = [
        ClaimDraft(encounter=row.pk, claim=claim, payer_key="one") for row, claim in zip(rows, claims, strict=True)
    ]
    open_claims(actor, drafts, TODAY, at=AT)
    site = SimpleNamespace(
        trading=Trading(submitter_id="CLINIC01", receiver_id="PAYER01", receiver_name="FICTIONAL PAYER"),
        practice=SimpleNamespace(name="FICTIONAL CLINIC", contact=Contact("DESK", "5555550100")),
        billing_cycle_months=1,
    )
    return SimpleNamespace(actor=actor, scope=actor.scope, site=site, claims=claims)


class Heard:
    """A partner that keeps what it is handed."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def send(self, name: str, data: bytes) -> None:
        assert name not in self.files
        self.files[name] = data


def run(session, partner):
    with stages(quiet=True) as bars:
        return send_claims(session, partner, bars, at=AT)


def test_each_kind_goes_out_in_its_own_interchange(opened):
    partner = Heard()
    counts = run(opened, partner)
    assert (counts.batches, counts.claims, counts.held) == (3, 4, 0)
    assert counts.charge == sum(claim.charge for claim in opened.claims)
    versions = [identify(data)[0][1] for data in partner.files.values()]
    assert versions == ["005010X224A2", "005010X223A2", "005010X222A1"]
    back = [claim for data in partner.files.values() for claim in read_claims(data)]
    assert sorted(claim.control_number for claim in back) == sorted(claim.control_number for claim in opened.claims)
    kinds = list(opened.scope.rows(Batch).order_by("id").values_list("kind", "claim_count"))
    assert kinds == [("837D", 1), ("837I", 2), ("837P", 1)]
    assert len({data[83:104] for data in partner.files.values()}) == 3  # each has its own control number
    assert run(opened, partner).batches == 0


def test_a_claim_that_can_t_be_written_is_held_and_the_others_of_its_kind_go_out(opened):
    from superbill.app.claims.actions import release_held

    row = opened.scope.rows(ClaimRow).get(control_number=opened.claims[1].control_number)
    spoiled = replace(opened.claims[1], institutional=replace(INPATIENT.institutional, statement=Period()))
    release_held(opened.actor, [(row.pk, spoiled, ())], at=AT)
    partner = Heard()
    counts = run(opened, partner)
    assert (counts.batches, counts.claims, counts.held) == (3, 3, 1)
    held = opened.scope.rows(ClaimRow).get(pk=row.pk)
    assert held.state == "held"
    assert "DTP" in held.findings and f"claim {held.control_number}" in held.findings
