"""From charts at a hospital to claims of both kinds on the books: which claims, under which accounts, held why."""

import json
import shutil
import sqlite3
from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.cli_runs import ROOT, main, ok
from tests.coding_charts import chart, condition, cpt, procedure, visit

from superbill.app.patients.actions import import_charts
from superbill.app.session import load_site, open_session
from superbill.chart.model import EncounterRecord, ServiceLocation

DEMO = ROOT / "src" / "superbill" / "demo"
EMERGENCY, INPATIENT = "50849002", "183452005"
SPRAIN, APPENDICITIS, APPENDECTOMY = "44465007", "74400008", "80146002"


@pytest.fixture
def place(tmp_path):
    """A folder with the site of Synthea's demo, a database beside it."""
    return site_in(tmp_path)


def site_in(folder):
    for name in ("synthea/site.toml", "charge_master.csv", "facility_charges.csv"):
        shutil.copy(DEMO / name, folder)
    text = (folder / "site.toml").read_text()
    (folder / "site.toml").write_text(text.replace("as_of = 2026-11-15", "as_of = 2026-03-20"))
    return folder


def billed(place, *patients):
    """What became of the encounters of these patients: claims, encounters, charge lines."""
    session = open_session(str(place / "x.db"), place / "site.toml", create=True)
    charts = [chart(*encounters) for encounters in patients]
    named = [replace(one, patient=replace(one.patient, id=f"pt-{number}")) for number, one in enumerate(charts)]
    import_charts(session.actor, named, at=session.at)
    code(place)
    return Books(place)


def code(place, *more):
    where = ("--db", place / "x.db", "--site", place / "site.toml")
    main("code", "encounters", *where, *more)
    main("claim", "build", *where)


class Books:
    """The rows of the database, as documents."""

    def __init__(self, place):
        with sqlite3.connect(place / "x.db") as rows:
            self.claims = {
                number: (json.loads(doc), json.loads(found))
                for number, doc, found in rows.execute(
                    "SELECT control_number, doc, findings FROM claims_claimrow ORDER BY control_number"
                )
            }
            self.accounts = dict(rows.execute("SELECT source_id, account_number FROM encounters_encounterrow"))
            self.states = dict(rows.execute("SELECT source_id, state FROM encounters_encounterrow"))
            self.said = {
                source: {one["rule"] for one in json.loads(found)}
                for source, found in rows.execute("SELECT source_id, findings FROM encounters_encounterrow")
            }
            self.charges = dict(rows.execute("SELECT key, charge FROM billing_chargeline"))
            self.entries = [key for (key,) in rows.execute("SELECT key FROM billing_journalentry ORDER BY key")]

    def claims_of(self, visit):
        return [number for number in self.claims if number.startswith(self.accounts[visit])]

    def rules(self, number):
        return {one["rule"] for one in self.claims[number][1]}


def emergency(id="e1", days=0, **fields):
    day = visit().start.date() + timedelta(days=days)
    given = {
        "conditions": (condition(SPRAIN, id=f"c{id}"),),
        "procedures": (cpt("73610", id=f"x{id}"),),
        "payer_hint": "Medicare",
    }
    return visit(EMERGENCY, day, id=id, class_code="EMER", **(given | fields))


def stay(id="s1", days=0, nights=2, **fields):
    day = visit().start.date() + timedelta(days=days)
    start = visit(on=day).start.replace(hour=15)
    given = {
        "payer_hint": "Medicare",
        "conditions": (condition(APPENDICITIS, id=f"c{id}"),),
        "procedures": (procedure(APPENDECTOMY, id=f"o{id}"),),
        "start": start,
        "end": start + timedelta(days=nights),
    }
    return EncounterRecord(id=id, class_code="IMP", kind=visit(INPATIENT).kind, **(given | fields))


@pytest.fixture(scope="module")
def hospital(tmp_path_factory):
    """Six patients: an emergency visit alone; one the day before an admission; one long before it; one that can't be
    coded before an admission; one before an admission that can't be coded; one without insurance."""
    place = site_in(tmp_path_factory.mktemp("hospital"))
    knee = (procedure("609588000", id="k"),)
    return place, billed(
        place,
        [emergency("alone")],
        [emergency("joined"), stay("takes-in", 1)],
        [emergency("apart"), stay("later", 4)],
        [emergency("uncoded", conditions=()), stay("waits", 1)],
        [emergency("waiting"), stay("sideless", 1, procedures=knee)],
        [emergency("uninsured", payer_hint="no_insurance")],
    )


def test_an_emergency_visit_becomes_two_claims_each_charged_under_its_own_account(hospital):
    _, books = hospital
    assert set(books.claims_of("alone")) == {"A1001FP1", "A1001P1"}
    facility, doctor = books.claims["A1001FP1"][0], books.claims["A1001P1"][0]
    assert (facility["kind"], facility["institutional"]["facility_type"]) == ("institutional", "13")
    assert facility["billing"]["organization"] == "Synthea Test Hospital"
    assert doctor["service_facility"]["organization"] == "Synthea Test Hospital"
    assert doctor["place_of_service"] == "23"
    assert {"charge:A1001", "charge:A1001F"} <= set(books.entries)
    for one in (facility, doctor):
        for line in one["lines"]:
            assert books.charges[line["control_number"]] == line["charge"]
    assert books.states["alone"] == "billed"


def test_the_emergency_visit_before_an_admission_joins_the_inpatient_claim(hospital):
    _, books = hospital
    assert [number[5:] for number in books.claims_of("joined")] == ["P1"]
    (number,) = [one for one in books.claims_of("takes-in") if "F" in one]
    inpatient = books.claims[number][0]
    assert {line["revenue_code"] for line in inpatient["lines"]} == {"0120", "0320", "0360", "0450"}
    assert inpatient["institutional"]["statement"] == {"start": "2026-03-02", "end": "2026-03-05"}
    assert inpatient["admission"] == "2026-03-03"
    assert "claims.window-joined" in books.rules(books.claims_of("joined")[0])


def test_an_emergency_visit_long_before_has_a_claim_of_its_own(hospital):
    _, books = hospital
    for one in ("apart", "later"):
        assert [number[5:] for number in books.claims_of(one)] == ["FP1", "P1"]


def test_who_has_no_insurance_owes_both_accounts(hospital):
    _, books = hospital
    account = books.accounts["uninsured"]
    assert books.claims_of("uninsured") == [] and books.states["uninsured"] == "billed"
    assert {f"charge:{account}", f"charge:{account}F"} <= set(books.entries)
    assert {key.partition("-")[0] for key in books.charges if key.startswith(account)} == {account, f"{account}F"}


def test_a_stay_waits_for_the_emergency_visit_that_belongs_on_it(hospital):
    _, books = hospital
    assert books.claims_of("waits") == []
    assert books.states["waits"] == "held"
    assert "claims.window-waits" in books.said["waits"]


def test_an_emergency_visit_waits_for_a_stay_that_is_held(hospital):
    _, books = hospital
    assert (books.states["waiting"], books.states["sideless"]) == ("held", "held")
    assert "coding.pcs-side" in books.said["sideless"]
    assert "claims.window-open" in books.said["waiting"]
    assert books.claims_of("waiting") == []


def test_building_again_opens_nothing_twice(hospital):
    place, first = hospital
    code(place, "--held")
    again = Books(place)
    assert (again.claims.keys(), again.charges, again.entries) == (first.claims.keys(), first.charges, first.entries)


def test_the_claims_print_on_the_form_of_their_kind(hospital, tmp_path):
    place, _ = hospital
    db = ("--db", place / "x.db")
    ok("claim", "print", "A1001FP1", "-o", tmp_path / "ub04.pdf", *db)
    assert (tmp_path / "ub04.pdf").read_bytes().startswith(b"%PDF")
    both = main("claim", "print", "A1001FP1", "A1001P1", "-o", tmp_path / "no.pdf", *db)
    assert both.code == 2 and "several forms" in both.err
    books = ok("ledger", "show", "A1001FP1", *db, "--json").data
    assert {line["code"] for line in books["lines"]} == {"73610", "99283"} and len(books["entries"]) == 1
    shown = ok("claim", "show", "A1001FP1", *db).out
    assert "type of bill   0131" in shown and "0450-99283" in shown


def test_a_hospital_outside_the_window_rule_bills_both(place):
    text = (place / "site.toml").read_text()
    (place / "site.toml").write_text(
        text.replace('taxonomy = "282N00000X"', 'taxonomy = "282N00000X"\npayment_window_days = 0')
    )
    books = billed(place, [emergency(), stay(days=1)])
    assert [number for number in books.claims if "F" in number] == ["A1001FP1", "A1002FP1"]


def test_a_missing_charge_of_the_hospital_holds_both_claims(place):
    charges = place / "facility_charges.csv"
    charges.write_text("".join(row for row in charges.read_text().splitlines(True) if not row.startswith("0450")))
    books = billed(place, [emergency()])
    assert books.claims == {} and books.charges == {}
    assert books.states == {"e1": "held"}
    assert "claims.no-facility-charge" in books.said["e1"]
    with charges.open("a") as rows:
        rows.write("0450,,,2015-01-01,720\n")
    code(place, "--held")
    assert list(Books(place).claims) == ["A1001FP1", "A1001P1"]


def test_without_a_facility_only_the_professional_claim_is_made_and_says_so(place):
    text = (place / "site.toml").read_text()
    start, end = text.index("# Every hospital"), text.index("[[payers]]")
    (place / "site.toml").write_text((text[:start] + text[end:]).replace('default_facility = "general"\n', ""))
    books = billed(place, [emergency()])
    assert list(books.claims) == ["A1001P1"]
    assert books.said["e1"] >= {"coding.no-facility"}


def test_a_facility_that_the_chart_does_not_name_bills_only_where_it_is_the_default(place):
    text = (place / "site.toml").read_text().replace('default_facility = "general"\n', "")
    (place / "site.toml").write_text(text)
    elsewhere = emergency("e1")
    here = emergency("e2", days=9, location=ServiceLocation(id="l", name="Synthea Test Hospital"))
    books = billed(place, [elsewhere, here])
    assert [number for number in books.claims if "F" in number] == ["A1002FP1"]


def test_charges_that_are_missing_or_broken_are_told_with_their_place(place):
    where = ("--db", place / "y.db", "--site", place / "site.toml")
    (place / "facility_charges.csv").write_text(
        "revenue_code,code,modifier,start,charge\n0120,,,2015-01-01,1180\n0001,,,2015-01-01,5\n"
    )
    ended = main("import", ROOT / "src", *where)
    assert ended.code != 0
    assert "facility_charges.csv:3: '0001' is no revenue code" in ended.err
    (place / "facility_charges.csv").unlink()
    assert "no such file" in main("import", ROOT / "src", *where).err


def test_a_site_names_a_default_facility_that_it_has(place):
    text = (place / "site.toml").read_text().replace('default_facility = "general"', 'default_facility = "other"')
    (place / "site.toml").write_text(text)
    ended = main("claim", "build", "--db", place / "x.db", "--site", place / "site.toml")
    assert "default_facility 'other' is none of ['general']" in ended.err
    (place / "site.toml").write_text(text.replace('default_facility = "other"', ""))
    assert load_site(place / "site.toml")[0].facility("nowhere") is None
