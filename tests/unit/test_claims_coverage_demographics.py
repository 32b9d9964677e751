"""A subscriber of whom only the name is known still makes a claim that can be sent."""

from datetime import UTC, date, datetime

from superbill.chart.model import Chart, CoverageRecord, EncounterRecord, PatientRecord, PersonName, SubscriberRecord
from superbill.claims.coverage_order import order_coverages
from superbill.claims.inputs import PayerOnClaim
from superbill.claims.model import Payer


def ordered(subscriber):
    encounter = EncounterRecord(id="e1", start=datetime(2026, 3, 2, tzinfo=UTC))
    coverage = CoverageRecord(id="c1", payer="blue", member_id="M1", relationship="child", subscriber=subscriber)
    chart = Chart(
        patient=PatientRecord(
            id="p1", name=PersonName("Mosciski", ("Maynard",)), birth_date=date(2014, 10, 6), sex="M"
        ),
        coverages=(coverage,),
        encounters=(encounter,),
    )
    payer = PayerOnClaim(key="blue", payer=Payer(name="Blue", id="B1"))
    return order_coverages(chart, encounter, lambda _: payer).coverages[0].subscriber


def test_without_a_birth_date_the_subscribers_sex_is_left_out_too():
    told = ordered(SubscriberRecord(name=PersonName("Mosciski", ("Gail",)), sex="F"))
    assert (told.birth_date, told.sex) == (None, None)


def test_with_a_birth_date_both_are_told():
    told = ordered(SubscriberRecord(name=PersonName("Mosciski", ("Gail",)), sex="F", birth_date=date(1985, 1, 2)))
    assert (told.birth_date, told.sex) == (date(1985, 1, 2), "F")
