"""Findings set aside and packs of rules, on both databases: who may, what stays on record, what the past says."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, billed, chart, claim, coded, remittance, usual_answer

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.audit.models import AuditEvent
from superbill.app.claims import queries
from superbill.app.claims.actions import ClaimDraft, NotThisClaim, open_claims, override_findings
from superbill.app.claims.models import ClaimRow, OverrideRow
from superbill.app.claims.queries import overrides, past_claims
from superbill.app.encounters.actions import record_coding
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.actions import import_charts
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.app.rules.actions import NotActivated, activate_pack, retire_pack
from superbill.app.rules.models import PackRow
from superbill.app.rules.queries import active_packs, answered, packs
from superbill.edits import Context
from superbill.findings import Finding, Severity, errors, line
from superbill.packs import compiled, read_pack, replay

REASON = "Adopted; birth certificate seen"
HOLDING = Finding(rule="some.rule", severity=Severity.ERROR, where=line(2, "charge"), message="Wrong.", fix="Mend it.")
OTHER = Finding(rule="other.rule", severity=Severity.ERROR, where=line(1), message="Also wrong.", fix="Mend it.")
PACK = """
pack: lakeside
version: 1
source: the payer's manual
rules:
  - id: dear
    when: {field: line.charge, above: 100.00}
    say: "{line.code} is dear."
    fix: Ask first.
"""


@pytest.fixture
def held(system):
    """A claim that two findings hold; its row."""
    import_charts(system, [chart(1)], at=AT)
    encounter = system.scope.rows(EncounterRow).get()
    record_coding(system, [(encounter.pk, coded(encounter.source_id, "p1"))], at=AT)
    draft = ClaimDraft(encounter=encounter.pk, claim=claim("A1001"), payer_key="one", findings=(HOLDING, OTHER))
    open_claims(system, [draft], TODAY, at=AT)
    return system.scope.rows(ClaimRow).get()


@pytest.fixture
def manager(practice):
    return actor_with("mary", practice.pk, Role.MANAGER)


@pytest.fixture
def answered_practice(system):
    """A practice whose claims their payer has answered."""
    claims = billed(system)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    return claims


def test_a_finding_set_aside_stays_on_the_claim_with_who_and_why(held, manager):
    findings = override_findings(manager, held.pk, "some.rule", REASON, at=AT)
    assert errors(findings) == [OTHER]
    assert str(findings[0]).endswith(f"Set aside by mary: {REASON}")
    stored = queries.claim(manager.scope, "A1001P1")
    assert stored.findings == findings and stored.state == "held"
    assert manager.scope.rows(AuditEvent).filter(action="override edit", actor="mary", subject_id=held.pk).count() == 1


def test_a_claim_is_ready_when_all_that_holds_it_is_set_aside_and_held_again_when_taken_back(held, manager):
    override_findings(manager, held.pk, "some.rule", REASON, at=AT)
    override_findings(manager, held.pk, "other.rule", REASON, at=AT)
    assert queries.claim(manager.scope, "A1001P1").state == "ready"
    override_findings(manager, held.pk, "other.rule", "", at=AT + timedelta(minutes=1))
    assert queries.claim(manager.scope, "A1001P1").state == "held"
    made = overrides(manager.scope, [held.pk])[held.pk]
    assert made["some.rule", "charge", 2].reason == REASON
    assert made["other.rule", "", 1] is None


@pytest.mark.parametrize("role", [Role.BILLER, Role.CODER, Role.POSTER, Role.FRONT_DESK, Role.ADMINISTRATOR])
def test_a_colleague_without_the_permission_sets_nothing_aside_and_changes_no_rules(held, practice, role):
    colleague = actor_with("colleague", practice.pk, role)
    with pytest.raises(NotPermitted, match="colleague may not"):
        override_findings(colleague, held.pk, "some.rule", REASON, at=AT)
    with pytest.raises(NotPermitted, match="colleague may not"):
        activate_pack(colleague, read_pack(PACK), replay(compiled(read_pack(PACK)), ()), at=AT)
    with pytest.raises(NotPermitted, match="colleague may not"):
        retire_pack(colleague, "lakeside", at=AT)


def test_an_outsider_reaches_neither_claims_nor_packs(held, manager):
    other = open_practice("hillside", "Hillside Clinic")
    outsider = actor_with("outsider", other.pk, Role.MANAGER)
    pack = read_pack(PACK)
    activate_pack(manager, pack, replay(compiled(pack), ()), at=AT)
    override_findings(manager, held.pk, "some.rule", REASON, at=AT)
    with pytest.raises(NotThisClaim):
        override_findings(outsider, held.pk, "other.rule", REASON, at=AT)
    with pytest.raises(NotActivated):
        retire_pack(outsider, "lakeside", at=AT)
    assert active_packs(outsider.scope) == [] and packs(outsider.scope) == []
    assert overrides(outsider.scope, [held.pk]) == {}
    assert past_claims(outsider.scope, [held.encounter.patient_id]) == {}
    assert list(answered(outsider.scope, lambda *_: Context(today=TODAY))) == []


@pytest.mark.parametrize(
    ("rule", "reason", "said"),
    [("no.rule", REASON, "found no error"), ("some.rule", "why not", "10 characters")],
    ids=["a rule that found nothing", "a reason that explains nothing"],
)
def test_what_can_t_be_set_aside_changes_nothing(held, manager, rule, reason, said):
    with pytest.raises(NotThisClaim, match=said):
        override_findings(manager, held.pk, rule, reason, at=AT)
    assert not manager.scope.rows(OverrideRow).exists()


def test_a_pack_counts_from_its_activation_to_its_end_and_a_version_means_one_text(manager):
    first = read_pack(PACK)
    said = replay(compiled(first), ())
    activate_pack(manager, first, said, at=AT)
    with pytest.raises(NotActivated, match="version 2"):
        activate_pack(manager, first, said, at=AT)
    second = read_pack(PACK.replace("version: 1", "version: 2").replace("100.00", "200.00"))
    activate_pack(manager, second, said, at=AT)
    assert [(pack.name, pack.version) for pack in active_packs(manager.scope)] == [("lakeside", 2)]
    retire_pack(manager, "lakeside", at=AT)
    assert active_packs(manager.scope) == []
    assert [(row.version, bool(row.text)) for row in manager.scope.rows(PackRow).order_by("id")] == [
        (1, True),
        (2, True),
        (2, False),
    ]


@pytest.mark.parametrize("model", [OverrideRow, PackRow], ids=lambda model: model.__name__)
def test_what_was_decided_is_never_changed(held, manager, model):
    override_findings(manager, held.pk, "some.rule", REASON, at=AT)
    pack = read_pack(PACK)
    activate_pack(manager, pack, replay(compiled(pack), ()), at=AT)
    table = connection.ops.quote_name(model._meta.db_table)
    for statement in (f"UPDATE {table} SET by = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_replay_judges_by_the_first_answers(system, answered_practice):
    rules = compiled(read_pack(PACK))
    said = replay(rules, answered(system.scope, lambda *_: Context(today=TODAY)))
    assert said.claims == len(answered_practice)
    (tally,) = said.tallies
    over = sum(1 for one in answered_practice for each in one.lines if each.charge > 100_00)
    assert tally.rightly + tally.wrongly == over > 0


def test_what_was_billed_before_is_the_latest_version_by_patient_and_visit(system, answered_practice):
    row = system.scope.rows(ClaimRow).order_by("id").first()
    made = past_claims(system.scope, [row.encounter.patient_id])
    pasts = made[row.encounter.patient_id][row.encounter_id]
    assert [past.claim.control_number for past in pasts] == [row.control_number]
    assert replace(pasts[0], state="") == replace(pasts[0], state="", payer_key="one")
