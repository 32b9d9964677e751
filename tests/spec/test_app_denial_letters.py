"""The letter of an appeal says what the claim, the coding and the books say, and is kept as it was sent."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, answer, billed, coded, paid_line, remittance

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.claims.actions import ClaimDraft
from superbill.app.claims.models import ClaimRow
from superbill.app.denials import actions, queries
from superbill.app.denials.actions import Filing, NotThisDenial
from superbill.app.denials.queries import LetterWords
from superbill.app.documents import encoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.practices.actions import keep_policy, open_practice
from superbill.app.remits.actions import post_remittance
from superbill.claims.cob import corrected
from superbill.claims.parties import Address
from superbill.coding.model import Evidence
from superbill.forms.letter import missing, render
from superbill.site.appeals import PayerRules
from superbill.site.policy import MoneyPolicy

WORDS = LetterWords(signer="Dana Whitfield", because=("It was needed.",), enclosed=("Referral of August 30",))
OFFICE = Address("PO Box 9", "Springfield", "IL", "627010001")


def refuse(system, group, reason, *remarks):
    """One claim, its first line refused for this reason on TODAY."""
    keep_policy(system.practice_id, MoneyPolicy(payers={"one": PayerRules(kind="medicare")}))
    (claim,) = billed(system, charts=1, visits=1)
    lines = [paid_line(claim.lines[0], 0, (group, reason, 120_00)), paid_line(claim.lines[1], 30_00)]
    told = answer(claim, replace(lines[0], remarks=remarks), lines[1])
    post_remittance(system, remittance("T1", told), payer_key="one", at=AT)
    return claim


def letter(scope, words=WORDS):
    about = queries.denial(scope, "A1001P1", TODAY)
    return queries.compose(scope, about, TODAY, words, payer_address=OFFICE)


def test_it_tells_the_case_as_the_claim_and_the_remittance_have_it(system):
    refuse(system, "CO", "50", "N115")
    made = letter(system.scope)
    assert (made.patient, made.member_id, made.claim_number, made.our_number) == (
        "Given Family",
        "M1",
        "PCN1",
        "A1001P1",
    )
    assert (made.level, made.refused_on, made.last_day) == ("Redetermination", TODAY, TODAY + timedelta(days=125))
    assert [(line.code, line.refused, line.reason) for line in made.lines] == [("99213", 120_00, "CO-50, N115")]
    assert [code for code, _ in made.reasons] == ["CO-50", "N115"]
    assert made.payer.address == ("PO Box 9", "Springfield, IL 62701-0001")
    assert made.documents == ("Your remittance of November 2, 2026", "Referral of August 30")
    assert missing(made) == ()


def test_it_quotes_the_words_of_the_record_on_which_the_refused_codes_stand(system):
    refuse(system, "CO", "50")
    assert letter(system.scope).quotes == ()
    row = system.scope.rows(EncounterRow).get(account_number="A1001")
    visit = coded("x", "y")
    service = visit.services[0]
    said = replace(service.procedure, evidence=(Evidence("note", "worse chest   pain\non stairs"),))
    reason = replace(visit.diagnoses[0], evidence=(Evidence("note", "BP 168/96"),))
    kept = replace(visit, services=(replace(service, procedure=said, diagnosis_pointers=(1,)),), diagnoses=(reason,))
    row.coded = encoded(kept)
    row.save(update_fields=["coded"])
    assert [(one.text, one.supports) for one in letter(system.scope).quotes] == [
        ("worse chest pain on stairs", "99213"),
        ("BP 168/96", "diagnosis I10"),
    ]


def test_it_proves_the_day_of_sending_where_the_claim_was_called_late(system):
    refuse(system, "CO", "29")
    made = letter(system.scope, LetterWords(signer="Dana Whitfield"))
    assert any("We sent the claim on November 2, 2026" in fact for fact in made.facts)
    assert missing(made) == ()


def test_it_names_the_authorization_only_where_the_claim_has_one(system):
    refuse(system, "CO", "197")
    assert letter(system.scope).facts == ()


def test_the_letter_is_kept_as_it_was_sent(system):
    refuse(system, "CO", "50")
    made = letter(system.scope)
    step = actions.file_appeal(system, "A1001P1", Filing(on=TODAY, letter=made), at=AT)
    kept = queries.letter_of(system.scope, step)
    assert kept == made
    assert render(kept) == render(made)


def test_who_may_not_read_the_chart_the_claims_or_the_practice_writes_no_letter(practice, system):
    refuse(system, "CO", "50")
    about = queries.denial(system.scope, "A1001P1", TODAY)
    step = actions.file_appeal(system, "A1001P1", Filing(on=TODAY, letter=letter(system.scope)), at=AT)
    coder = actor_with("coder", practice.pk, Role.CODER)
    for deed in (
        lambda: queries.compose(coder.scope, about, TODAY, WORDS),
        lambda: queries.letter_of(coder.scope, step),
        lambda: queries.prevention(coder.scope, [about]),
    ):
        with pytest.raises(NotPermitted, match="coder may not"):
            deed()
    outsider = actor_with("outsider", open_practice("hillside", "Hillside").pk, Role.MANAGER)
    assert queries.letter_of(outsider.scope, step) is None
    assert queries.denial(outsider.scope, "A1001P1", TODAY) is None
    with pytest.raises(queries.NotOurs):
        queries.compose(outsider.scope, about, TODAY, WORDS)


def test_who_may_not_bill_corrects_no_claim_and_who_may_not_forgive_asks_for_nothing(practice, system):
    claim = refuse(system, "CO", "4")
    row = system.scope.rows(ClaimRow).get(control_number="A1001P1")
    draft = ClaimDraft(encounter=row.encounter_id, claim=corrected(claim, "PCN1", 2, {}), payer_key="one")
    colleague = actor_with("colleague", practice.pk, Role.CODER)
    outsider = actor_with("outsider", open_practice("hillside", "Hillside").pk, Role.MANAGER)
    for deed in (
        lambda who: actions.correct_claim(who, "A1001P1", draft, TODAY, at=AT),
        lambda who: actions.ask_to_give_up(who, "A1001P1", "denied", TODAY, at=AT),
    ):
        with pytest.raises(NotPermitted, match="colleague may not"):
            deed(colleague)
        with pytest.raises(NotThisDenial, match="A1001P1"):
            deed(outsider)
    assert not system.scope.rows(ClaimRow).filter(control_number="A1001P2").exists()
