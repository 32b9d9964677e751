"""What payers answer and grant, from their files onto claims: 271 and 278 in, claims checked and numbered by them."""

import json
import shutil
import tomllib
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.app_samples import AT
from tests.app_samples import claim as sample
from tests.cli_runs import BILLED, CLINIC, columns, fold, interchange, main, ok, site

from superbill.app.path.deciding import decide_all, read_decisions
from superbill.app.session import open_session
from superbill.claims.model import Contact
from superbill.x12 import Envelope, Submitter, write_claims

MEMBER = "1AC2DE3FG41"  # of p01, made up
LEVELS = ("HL*1**20*1", "NM1*PR*2*MEDICARE PART B*****PI*MCR01", "HL*2*1*21*1", "NM1*1P*2*CLINIC*****XX*1234567893")
PERSON = (f"NM1*IL*1*OAKES*MARION****MI*{MEMBER}", "DMG*D8*19510302")


def file(folder: Path, number: str, version: str, kind: str, body: tuple[str, ...]) -> Path:
    path = folder / f"answer.{number}"
    path.write_bytes(
        interchange(
            (
                "ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLINIC         *261101*1200*^*00501*000000001"
                "*0*T*:",
                f"GS*{kind}*PAYER*CLINIC*20261101*1200*1*X*{version}",
                f"ST*{number}*0001*{version}",
                *body,
                f"SE*{len(body) + 2}*0001",
                "GE*1*1",
                "IEA*1*000000001",
            )
        )
    )
    return path


def answer_271(folder: Path, *told: str, person: tuple[str, ...] = PERSON, payer: tuple[str, ...] = LEVELS) -> Path:
    body = ("BHT*0022*11*R1*20261101*1200", *payer, "HL*3*2*22*0", *person, *told)
    return file(folder, "271", "005010X279A1", "HB", body)


def answer_278(folder: Path, *told: str, category: str = "HS", action: str = "A1*A-77") -> Path:
    body = (
        "BHT*0007*11*Q1*20261101*1200*18", "HL*1**20*1", "NM1*X3*2*MEDICARE PART B*****PI*MCR01", "HL*2*1*21*1",
        "NM1*1P*2*CLINIC*****XX*1234567893", "HL*3*2*22*1", *PERSON, "HL*4*3*EV*1", f"UM*{category}*I", f"HCR*{action}",
        *told,
    )  # fmt: skip
    return file(folder, "278", "005010X217", "HI", body)


@pytest.fixture(scope="module")
def coded(tmp_path_factory):
    """A database with the visits of p01 coded and nothing billed."""
    folder = site(tmp_path_factory.mktemp("coded") / "base", "p01")
    db = folder / "x.db"
    ok("import", folder / "charts", "--db", db)
    main("code", "--db", db)
    decide_all(open_session(str(db), folder / "site.toml"), read_decisions(CLINIC / "decisions.json"))
    fold(db)
    return folder


@pytest.fixture
def folder(coded, tmp_path):
    return Path(shutil.copytree(coded, tmp_path / "here"))


def build(folder: Path) -> list[tuple[dict, list[dict]]]:
    """Claims and their findings, as they stand after `claim build`."""
    main("claim", "build", *BILLED, "--db", folder / "x.db")
    rows = columns(folder / "x.db", "SELECT doc, findings FROM claims_claimrow ORDER BY id")
    return [(json.loads(doc), json.loads(findings or "[]")) for doc, findings in rows]


def rules(findings: list[dict]) -> set[str]:
    return {one["rule"] for one in findings}


def first_line(folder: Path) -> tuple[str, str]:
    """Code and day of the first line of the first claim that would be built, without building it for good."""
    trial = Path(shutil.copytree(folder, folder.parent / "trial"))
    line = build(trial)[0][0]["lines"][0]
    shutil.rmtree(trial)
    return line["procedure"]["code"], line["service"]["start"]


def imported(kind: str, path: Path, folder: Path, *, code: int = 0):
    return ok(kind, "import", path, "--db", folder / "x.db", "--json", code=code).data


def test_without_any_answer_nothing_is_said_of_verification(folder):
    assert not any("coverage.unverified" in rules(findings) for _, findings in build(folder))


def test_an_active_answer_is_on_record_once_and_claims_pass(folder):
    path = answer_271(folder, "DTP*346*D8*20260101", "EB*1**30**PLAN B")
    assert imported("eligibility", path, folder) == {"answers": 1, "recorded": 1, "left": []}
    assert imported("eligibility", path, folder)["recorded"] == 0
    [row] = ok("eligibility", "list", "--patient", "p01", "--db", folder / "x.db", "--json").data
    assert (row["payer_key"], row["member_id"], row["period"]["start"]) == ("medicare", MEMBER, "2026-01-01")
    assert not any({"coverage.not-active", "coverage.unknown"} & rules(findings) for _, findings in build(folder))


def test_a_coverage_that_ended_holds_the_claims_of_later_days(folder):
    imported("eligibility", answer_271(folder, "DTP*347*D8*20251231", "EB*6**30"), folder)
    made = build(folder)
    late = [one for one in made if one[0]["payer"]["id"] == "MCR01" and one[0]["lines"][0]["service"]["start"] > "2026"]
    assert late and all("coverage.not-active" in rules(findings) for _, findings in late)
    said = ok("claim", "check", *BILLED, "--db", folder / "x.db", code=1).out
    assert "coverage.not-active" in said and "it ended 2025-12-31" in said
    number = late[0][0]["control_number"]
    out = ok("rules", "explain", "coverage.not-active", number, *BILLED, "--db", folder / "x.db").out
    assert "is not active on" in out


def test_another_member_number_is_found_on_the_claim(folder):
    person = ("NM1*IL*1*OAKES*MARION****MI*9ZZ9ZZ9ZZ99", "DMG*D8*19510302")
    imported("eligibility", answer_271(folder, "EB*1**30", "DTP*307*RD8*20200101-20291231", person=person), folder)
    assert any("coverage.member-id" in rules(findings) for _, findings in build(folder))


@pytest.mark.parametrize(
    "told, person, why",
    [
        (("EB*1**30",), ("NM1*IL*1*OAKES*MARION****MI*X", "DMG*D8*19510303"), "no patient has"),
        (("EB*1**30",), ("NM1*IL*1*NOBODY*ANN****MI*X", "DMG*D8*19510302"), "no patient has"),
        (("EB*1**30",), (f"NM1*IL*1*ELSE*ANN****MI*{MEMBER}",), "no patient has"),
        (("AAA*N**75*C",), PERSON, "the payer did not answer (AAA 75)"),
        (("EB*B**98****27*20",), PERSON, "does not say whether"),
    ],
    ids=["other birth date", "other name", "member id alone", "refused", "copay alone"],
)
def test_an_answer_that_can_t_be_kept_is_told_and_exits_1(folder, told, person, why):
    order = told if told[0].startswith("AAA") else ()
    body = (person[0], *order, *person[1:]) if order else person
    said = imported("eligibility", answer_271(folder, *(() if order else told), person=body), folder, code=1)
    assert said["recorded"] == 0 and why in said["left"][0]["why"]
    assert "OAKES" not in json.dumps(said) and MEMBER not in json.dumps(said)


def test_an_inquiry_refused_as_a_whole_is_told(folder):
    payer = ("HL*1**20*1", "NM1*PR*2*MEDICARE PART B*****PI*MCR01", "AAA*Y**42*R")
    body = ("BHT*0022*11*R1*20261101*1200", *payer)
    path = file(folder, "271", "005010X279A1", "HB", body)
    said = imported("eligibility", path, folder, code=1)
    assert "AAA 42" in said["left"][0]["why"]


def test_an_unknown_payer_is_named_with_the_fix_and_given_by_option(folder):
    payer = (LEVELS[0], "NM1*PR*2*SOMEBODY*****PI*XX9", *LEVELS[2:])
    path = answer_271(folder, "EB*1**30", payer=payer)
    why = imported("eligibility", path, folder, code=1)["left"][0]["why"]
    assert why.startswith("SOMEBODY (XX9) is no payer of the site: name one of medicare,")
    again = ok("eligibility", "import", path, "--payer", "medicare", "--db", folder / "x.db", "--json").data
    assert again["recorded"] == 1


def test_a_file_of_something_else_is_refused_with_the_next_step(folder):
    ended = main("eligibility", "import", answer_278(folder), "--db", folder / "x.db")
    assert ended.code == 2 and "holds no answer about eligibility (271)" in ended.err
    ended = main("authorization", "import", answer_271(folder), "--db", folder / "x.db")
    assert ended.code == 2 and "holds no decision (278 response)" in ended.err


def test_a_claim_takes_the_number_that_fits_it_and_says_so(folder):
    code, day = first_line(folder)
    add = ("authorization", "add", "A-77", "--patient", "p01", "--payer", "medicare", "--code", code)
    ok(*add, "--from", day, "--to", day, "--units", "9", "--db", folder / "x.db")
    made = build(folder)
    claim, findings = made[0]
    assert claim["prior_authorization"] == "A-77" and "claims.authorization-taken" in rules(findings)
    others = [one for one, _ in made if one["lines"][0]["service"]["start"] != day]
    assert others and not any(one.get("prior_authorization") for one in others)
    [row] = ok("authorization", "list", *BILLED, "--db", folder / "x.db", "--json").data
    units = sum(int(line.get("units", 1)) for line in claim["lines"] if line["procedure"]["code"] == code)
    held = columns(folder / "x.db", "SELECT state FROM claims_claimrow ORDER BY id")[0] == ("held",)
    assert (row["granted"], row["used"], row["left"]) == (
        ("9", "0", "9") if held else ("9", str(units), str(9 - units))
    )


@pytest.mark.parametrize(
    "change", [("--payer", "bluepeak"), ("--code", "97110"), ("--provider", "1234567893"), ("--to", "2001-01-31")],
    ids=["another payer", "another code", "another provider", "other days"],
)  # fmt: skip
def test_a_number_that_does_not_fit_is_left_off(folder, change):
    code, _ = first_line(folder)
    given = {"--payer": "medicare", "--code": code} | {change[0]: change[1]}
    options = [part for pair in given.items() for part in pair]
    ok("authorization", "add", "A-77", "--patient", "p01", *options, "--db", folder / "x.db")
    assert not any(claim.get("prior_authorization") for claim, _ in build(folder))


def test_a_withdrawn_number_is_left_off(folder):
    code, _ = first_line(folder)
    add = ("authorization", "add", "A-77", "--patient", "p01", "--payer", "medicare", "--code", code)
    ok(*add, "--db", folder / "x.db")
    ok("authorization", "withdraw", "A-77", "--db", folder / "x.db")
    assert not any(claim.get("prior_authorization") for claim, _ in build(folder))
    assert main("authorization", "withdraw", "A-77", "--db", folder / "x.db").code == 2


def test_a_certified_review_is_entered_and_a_cancelled_one_withdrawn(folder):
    services = ("HL*5*4*SS*0", "SV1*HC:97110**UN*12", "HL*6*4*SS*0", "SV1*HC:97140**UN*6")
    path = answer_278(folder, "DTP*007*RD8*20260301-20260531", *services)
    assert imported("authorization", path, folder) == {"decisions": 1, "added": 1, "left": []}
    assert imported("authorization", path, folder)["added"] == 0
    [row] = ok("authorization", "list", *BILLED, "--db", folder / "x.db", "--json").data
    assert (row["number"], row["codes"], row["granted"]) == ("A-77", "97110 97140", "18")
    assert (row["from"], row["to"], row["state"]) == ("2026-03-01", "2026-05-31", "ended")
    imported("authorization", answer_278(folder, action="C*A-77"), folder)
    assert ok("authorization", "list", "--db", folder / "x.db", "--json").data == []


def test_a_referral_counts_visits(folder):
    imported("authorization", answer_278(folder, "DTP*007*D8*20260301", "HSD*VS*3", category="SC"), folder)
    [row] = ok("authorization", "list", "--db", folder / "x.db", "--json").data
    assert (row["kind"], row["granted"], row["codes"], row["to"]) == ("referral", "3", "any", "")


@pytest.mark.parametrize("action, why", [("A3**0V", "not certified (HCR A3, reason 0V)"), ("A4**0U", "pended")])
def test_a_review_without_certification_is_told_and_not_entered(folder, action, why):
    said = imported("authorization", answer_278(folder, action=action), folder, code=1)
    assert said["added"] == 0 and why in said["left"][0]["why"]


@pytest.mark.parametrize(
    "options, said",
    [
        (("--patient", "nobody", "--payer", "medicare"), "--patient nobody: no patient"),
        (("--patient", "p01", "--payer", "acme"), "--payer acme: no payer of the site. Name one of medicare"),
        (("--patient", "p01", "--payer", "medicare", "--units", "many"), "--units many: give a number"),
        (("--patient", "p01", "--payer", "medicare", "--code", "97140-97110"), "not a range of codes"),
        (
            ("--patient", "p01", "--payer", "medicare", "--from", "2026-02-01", "--to", "2026-01-01"),
            "A-77: It ends on 2026-01-01, before it starts on 2026-02-01",
        ),
    ],
    ids=["patient", "payer", "units", "codes", "days"],
)
def test_what_can_t_be_entered_says_why(folder, options, said):
    ended = main("authorization", "add", "A-77", *options, "--db", folder / "x.db")
    assert ended.code == 2 and said in ended.err


def test_a_provider_who_is_not_enrolled_holds_the_claim_and_other_payers_go_unchecked(folder):
    path = folder / "site.toml"
    day = date(2026, 12, 31)
    path.write_text(f'{path.read_text()}\n[[enrolments]]\nprovider = "1234567893"\npayer = "medicare"\nstart = {day}\n')
    made = build(folder)
    for claim, findings in made:
        assert ("enrolment.billing" in rules(findings)) == (claim["payer"]["id"] == "MCR01")


def test_claims_of_a_file_are_held_to_the_enrolments_of_the_site(tmp_path):
    folder = site(tmp_path / "here")
    path, text = folder / "site.toml", (folder / "site.toml").read_text()
    npi = tomllib.loads(text)["practice"]["npi"]
    envelope = Envelope(
        sender_id="SENDER", receiver_id="RECEIVER", interchange_control_number=1, group_control_number=1, created=AT
    )
    contact = Contact("Desk", "5551234567")
    submitter = Submitter(name="Lakeside", id="SENDER", contact=contact, receiver_name="PAYER", receiver_id="RECEIVER")
    sent = sample("A1")
    sent = replace(sent, billing=replace(sent.billing, npi="1234567893"), payer=replace(sent.payer, id="MCR01"))
    where, born = sent.billing.address, sent.patient.birth_date
    sent = replace(sent, subscriber=replace(sent.subscriber, address=where, birth_date=born, sex="F"))
    batch = tmp_path / "batch.837"
    batch.write_bytes(write_claims([sent], envelope=envelope, submitter=submitter, reference="1"))
    assert "enrolment.billing" not in main("claim", "check", batch, "--site", path).out
    path.write_text(f'{text}\n[[enrolments]]\nprovider = "{npi}"\npayer = "medicare"\n')
    assert "enrolment.billing" in main("claim", "check", batch, "--site", path).out
