"""`superbill contract`, `estimate` and `variance` on the clinic's own contracts."""

import shutil
from pathlib import Path

import pytest
from tests.cli_runs import CLINIC, ROOT, demo_args, fold, interchange, made_once, main, ok, shared_folder, site

FEES = "contract-blue-peak-injections.csv"


@pytest.fixture(scope="session")
def books(tmp_path_factory):
    """A finished demo over two patients with Blue Peak, and the contracts beside it."""
    folder = shared_folder(tmp_path_factory.getbasetemp(), "cli-expected-money")
    with made_once(folder) as fresh:
        if fresh:
            site(folder, "p17", "p40")
            for contract in CLINIC.glob("contract-*"):
                shutil.copy(contract, folder)
            ok(*demo_args(folder, folder / "out"))
            fold(folder / "out" / "superbill.db")
    return folder / "out"


@pytest.fixture
def office(tmp_path):
    """The clinic's site file with its prices and contracts, to change."""
    site(tmp_path)
    for contract in CLINIC.glob("contract-*"):
        shutil.copy(contract, tmp_path)
    return tmp_path


def at(office: Path) -> tuple[str, Path]:
    return ("--site", office / "site.toml")


# --- contract -------------------------------------------------------------------------------------------------------


def test_a_demo_brings_the_contracts_that_its_site_names_with_their_tables(books):
    assert {path.name for path in books.glob("contract-*")} == {path.name for path in CLINIC.glob("contract-*")}


def test_contracts_are_listed_and_one_is_shown_clause_by_clause(office):
    keys = [each["key"] for each in ok("contract", "show", *at(office), "--json").data["contracts"]]
    assert keys == ["blue-peak-2025", "blue-peak-2026", "harbor-2024", "self-pay"]
    shown = ok("contract", "show", "blue-peak-2026", *at(office)).out
    assert "Amendment 1, no. 2" in shown
    assert "codes 99202-99215" in shown
    assert "percent of charge 68 %" in shown


@pytest.mark.parametrize(
    ("day", "clause", "cents"),
    [("2026-03-31", "B.1", 191_36), ("2026-04-01", "Amendment 1, no. 2", 203_32), ("2025-12-31", None, None)],
)
def test_a_service_is_priced_by_the_clause_of_its_day(office, day, clause, cents):
    line = ok("contract", "show", "blue-peak-2026", "--service", "99214", "--date", day, *at(office), "--json").data[
        "lines"
    ][0]
    assert (line.get("allowed"), line.get("clause", {}).get("id")) == (cents, clause)


def test_every_mistake_of_a_contract_is_told_with_its_place_and_nothing_runs(office):
    bad = office / "contract-harbor.toml"
    bad.write_text(bad.read_text() + '[[terms]]\nid = "1"\npays = { method = "flat", amount = -1 }\n')
    ended = main("contract", "show", *at(office))
    assert ended.code == 2
    assert "contract-harbor.toml: terms: '1': pays: no amount is negative." in ended.err
    checked = main("contract", "check", bad, office / "contract-self-pay.toml")
    assert checked.code == 1
    assert "✗" in checked.out


def test_two_contracts_on_the_same_days_are_refused(office):
    first, second = (office / f"contract-blue-peak-{year}.toml" for year in (2025, 2026))
    second.write_text(second.read_text().replace("start = 2026-01-01", "start = 2025-12-31", 1))
    assert "holds on the same days as 'blue-peak-2025'" in main("contract", "check", first, second).out


def test_the_best_payer_for_a_service_comes_first(office):
    offers = ok("contract", "best", "99214", *at(office), "--json").data["offers"]
    assert [(each["contract"], each["allowed"]) for each in offers] == [
        ("self-pay", 209_30),
        ("blue-peak-2026", 203_32),
        ("harbor-2024", 167_44),
    ]


def test_an_import_shows_what_changes_and_writes_it_only_when_told(office):
    before = (office / FEES).read_bytes()
    rates = office / "rates.csv"
    rates.write_text("CPT,Rate\n20610,$110.00\n20611,150\n20612,90\n")
    order = [
        "contract",
        "import",
        rates,
        "--into",
        office / FEES,
        "--map",
        "code=CPT,amount=Rate",
        "--start",
        "2027-01-01",
    ]
    counts = {"added": 1, "raised": 1, "lowered": 1, "ended": 0, "unchanged": 0}
    assert ok(*order, "--json").data["counts"] == counts
    assert (office / FEES).read_bytes() == before
    ok(*order, "--write")
    assert ok(*order, "--json").data["counts"]["unchanged"] == 3
    priced = ok(
        "contract", "show", "blue-peak-2026", "--service", "20610=500", "--date", "2027-01-01", *at(office), "--json"
    )
    assert priced.data["lines"][0]["allowed"] == 110_00


def test_a_bad_cell_is_told_with_row_and_column_and_nothing_is_written(office):
    before = (office / FEES).read_bytes()
    rates = office / "rates.csv"
    rates.write_text("CPT,Rate\n20610,110\n20611,much\n")
    ended = main(
        "contract",
        "import",
        rates,
        "--into",
        office / FEES,
        "--map",
        "code=CPT,amount=Rate",
        "--start",
        "2027-01-01",
        "--write",
    )
    assert ended.code == 2
    assert "rates.csv:3: column 'Rate': not an amount of money: 'much'" in ended.err
    assert (office / FEES).read_bytes() == before


def test_clauses_are_imported_from_a_rate_sheet(office):
    sheet, target = office / "sheet.csv", office / "clauses.csv"
    sheet.write_text("Section,Codes,Method,Pct\n1.1,99202-99215,percent-of-charge,68%\n")
    order = ["contract", "import", sheet, "--into", target, "--clauses", "--map", "id=Section,percent=Pct"]
    assert "1 added" in ok(*order).out
    assert not target.exists()
    ok(*order, "--write")
    assert "1 unchanged" in ok(*order).out


def test_last_year_s_claims_under_another_contract(books):
    found = ok(
        "contract", "what-if", "blue-peak-2025", "blue-peak-2026", "--db", books / "superbill.db",
        "--payer", "bluepeak", "--as-if", "2026-05-01", "--json",
    ).data  # fmt: skip
    assert found["what_if"]["claims"] > 0
    assert found["allowed"][0] > 0
    assert all(len(row["allowed"]) == 2 for row in found["what_if"]["rows"])


# --- estimate -------------------------------------------------------------------------------------------------------

PLAN = 'copay = { office = 30_00 }\ndeductible = 1_000_00\ncoinsurance = "0.20"\nout_of_pocket_maximum = 4_500_00\n'


def test_the_patient_s_share_before_the_visit(office):
    (office / "plan.toml").write_text(PLAN)
    order = ["estimate", "share", "--payer", "bluepeak", "--service", "99214-25", "--service", "20610-RT", *at(office)]
    found = ok(*order, "--benefits", office / "plan.toml", "--deductible-met", "950", "--json").data
    assert (found["patient"], found["plan"]) == (90_80, 216_52)
    shown = ok(*order, "--benefits", office / "plan.toml", "--deductible-met", "950").out
    assert "deductible, $50.00 of it left: $50.00; 20 % of $54.00: $10.80" in shown
    assert "The patient is expected to owe $90.80, the plan to pay $216.52." in shown


def test_what_remittances_left_to_a_patient_counts_as_met(books):
    (books / "plan.toml").write_text(PLAN)
    order = ["estimate", "share", "--payer", "bluepeak", "--service", "99214", "--site", books / "site.toml"]
    order += ["--benefits", books / "plan.toml", "--db", books / "superbill.db"]
    found = ok(*order, "--patient", "p40", "--json").data
    assert found["estimate"]["before"]["out_of_pocket"] > 0
    assert "what other providers were paid is not in our books" in found["notes"][-1]
    unknown = main(*order, "--patient", "nobody")
    assert unknown.code == 2
    assert "no patient of Lakeland Family Medicine has this chart id" in unknown.out + unknown.err


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (["--payer", "nobody", "--service", "99214"], "the site knows no such payer"),
        (["--payer", "medicare", "--service", "99214"], "no contract with 'medicare' holds on 2026-11-15"),
        (["--payer", "bluepeak", "--service", "9!"], "not a service"),
        (["--payer", "bluepeak", "--service", "0001U"], "is not in the charge master on that day"),
        (["--payer", "bluepeak", "--service", "99214:0"], "is not a number of units"),
        (["--payer", "bluepeak", "--service", "99214", "--deductible-met", "much"], "--deductible-met: not an amount"),
    ],
)
def test_what_cannot_be_estimated_is_said_with_the_fix(office, order, says):
    ended = main("estimate", "share", *order, *at(office))
    assert ended.code == 2
    assert says in ended.out + ended.err


def test_a_good_faith_estimate_is_kept_and_a_bill_checked_against_it(office):
    document = office / "estimate.json"
    order = ["estimate", "good-faith", "--name", "Vera Testcase", "--born", "1980-05-06", "--primary", "Knee injection"]
    order += ["--service", "20610-RT", "--diagnosis", "M17.11", "--scheduled", "2026-12-01", *at(office)]
    shown = ok(*order, "-o", document).out
    assert "70 % of the charge $152.00: $106.40" in shown
    assert "it is due by 18 Nov 2026" in shown
    ok("estimate", "check-bill", document, "--billed", "1999999018=506.39")
    over = ok("estimate", "check-bill", document, "--billed", "1999999018=506.40", code=1).out
    assert "pricing.good-faith-excess" in over
    assert main("estimate", "check-bill", office / "site.toml", "--billed", "1999999018=1").code == 2


def test_a_good_faith_estimate_for_a_patient_of_the_database(books):
    order = ["estimate", "good-faith", "--primary", "Visit", "--service", "99213", "--site", books / "site.toml"]
    found = ok(*order, "--patient", "p40", "--db", books / "superbill.db", "--json").data
    assert found["estimate"]["patient_name"]
    assert found["total"] == 147_00
    assert main(*order, "--patient", "nobody", "--db", books / "superbill.db").code == 2
    assert "Give --name and --born, or --patient" in main(*order).err + main(*order).out


def test_the_plan_comes_from_the_payer_s_271_and_a_file_adds_what_it_cannot_tell(office):
    text = (ROOT / "tests" / "x12_bases" / "271.txt").read_text().split("HL*4*")[0]
    segments = [line for line in text.splitlines() if line.strip()]
    isa = "ISA*00*          *00*          *ZZ*BKM01          *ZZ*LAKESIDE       *261110*0931*^*00501*000000001*0*T*:"
    gs = "GS*HB*BKM01*LAKESIDE*20261110*0931*1*X*005010X279A1"
    end = (f"SE*{len(segments) + 1}*0001", "GE*1*1", "IEA*1*000000001")
    (office / "271.x12").write_bytes(interchange([isa, gs, *segments, *end]))
    (office / "plan.toml").write_text('coinsurance = "0.10"\ncopay = { office = 99_00 }\n')
    order = ["estimate", "share", "--payer", "bluepeak", "--service", "99214", "--service", "20611=900", *at(office)]
    order += ["--eligibility", office / "271.x12"]
    found = ok(*order, "--benefits", office / "plan.toml", "--json").data
    # copay $25 by the 271; the injection at $158.75 is within the $500 deductible that it tells
    assert [each["patient"] for each in found["estimate"]["lines"]] == [25_00, 158_75]
    assert "deductible: nothing is told of what is met" in " ".join(found["notes"])
    assert "holds no member M9" in main(*order, "--member", "M9").err + main(*order, "--member", "M9").out


# --- variance -------------------------------------------------------------------------------------------------------


def test_underpayments_are_listed_with_dollars_and_the_clause(books):
    found = ok("variance", "--db", books / "superbill.db", "--json").data
    assert [
        (each["contract"], each["variance"]["clause"]["id"], each["variance"]["difference"]) for each in found["lines"]
    ] == [("blue-peak-2026", "Amendment 1, no. 2", -8_40)] * 2
    assert [each["short"] for each in found["totals"] if each["contract"] == "blue-peak-2026"] == [16_80]
    claim = found["lines"][0]["claim"]
    shown = ok("variance", "--db", books / "superbill.db", "--claim", claim).out
    assert "68 % of the charge $210.00: $142.80" in shown
    assert "underpaid" in shown


def test_a_tolerance_lets_small_differences_go(books):
    found = ok("variance", "--db", books / "superbill.db", "--tolerance", "8.40", "--json").data
    assert found["lines"] == []


def test_a_plan_tells_whose_share_was_taken_wrongly(books):
    (books / "none.toml").write_text("deductible = 0\n")
    order = ["variance", "--db", books / "superbill.db", "--payer", "bluepeak", "--benefits", books / "none.toml"]
    found = ok(*order, "--verdict", "patient share", "--json").data["lines"]
    assert found
    assert all("a patient's share of $0.00 was expected" in each["variance"]["reasons"] for each in found)
    alone = main("variance", "--db", books / "superbill.db", "--benefits", books / "none.toml")
    assert alone.code == 2


def test_a_claim_that_is_not_there_and_a_site_without_contracts_are_said(books, tmp_path):
    assert (
        "no posted answer"
        in main("variance", "--db", books / "superbill.db", "--claim", "X9").err
        + main("variance", "--db", books / "superbill.db", "--claim", "X9").out
    )
    text = (books / "site.toml").read_text()
    start, end = text.index("contracts = ["), text.index("]", text.index("contracts = [")) + 1
    bare = tmp_path / "site.toml"
    bare.write_text(text[:start] + text[end:])
    ended = main("variance", "--db", books / "superbill.db", "--site", bare)
    assert ended.code == 2
    assert "names no contracts" in ended.out + ended.err
