"""The bundled sites and their simulated payers load, and speak of the same payers by the same ids."""

import json
from datetime import date
from decimal import Decimal
from importlib import resources

import pytest

from superbill.chart.model import CPT, HCPCS
from superbill.codesets.crosswalk import all_billing_codes
from superbill.identifiers import is_clia, is_npi, is_taxonomy, is_tin, is_zip
from superbill.payer.config import PayerConfigError, read_payers
from superbill.pricing import read_charge_master
from superbill.site import read_site

DEMO = resources.files("superbill.demo")
DAYS = (date(2016, 1, 1), date(2025, 6, 1), date(2026, 6, 1))


def site_of(folder):
    return read_site((DEMO / folder / "site.toml").read_text())


def payers_of(folder):
    return read_payers((DEMO / folder / "payers.toml").read_text())


@pytest.mark.parametrize("folder", ["clinic", "synthea"])
def test_a_site_and_its_payers_agree(folder):
    site, payers = site_of(folder), payers_of(folder)
    assert payers.receiver_id == site.trading.receiver_id
    assert {
        (each.key, each.id, each.name, each.claim_filing_indicator, each.kind, each.address) for each in site.payers
    } == {
        (each.key, each.id, each.name, each.claim_filing_indicator, each.kind, each.address) for each in payers.payers
    }


@pytest.mark.parametrize("folder", ["clinic", "synthea"])
def test_a_payer_is_never_stricter_on_filing_than_the_site_believes(folder):
    site, payers = site_of(folder), payers_of(folder)
    for entry in site.payers:
        payer = payers.payer(entry.id)
        limits = {payer.benefits("", step).filing_days for step in DAYS}
        # The clinic has not entered Harbor's limit, so that its late claim goes out and is refused.
        known = 120 if entry.key == "harbor" else entry.filing_limit_days
        assert limits == {known}, entry.key


@pytest.mark.parametrize("folder", ["clinic", "synthea"])
def test_every_number_of_a_site_passes_its_check(folder):
    site = site_of(folder)
    npis = [site.practice.npi, *(p.npi for p in site.providers), *(p.npi for p in site.locations if p.npi)]
    assert all(is_npi(npi) for npi in npis)
    assert len(set(npis)) == len(npis)
    assert is_tin(site.practice.tin)
    assert is_taxonomy(site.practice.taxonomy)
    assert not site.practice.clia or is_clia(site.practice.clia)
    assert len(site.practice.address.postal_code) == 9
    assert all(is_zip(payer.address.postal_code) for payer in site.payers)


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("private", "private"), ("medicare", "medicare"), ("medicaid", "medicaid"),
        ("Humana", "managed"), ("Blue Cross Blue Shield", "private"), ("UnitedHealthcare", "private"),
        ("Aetna", "managed"), ("Cigna Health", "managed"), ("Anthem", "private"),
    ],
)  # fmt: skip
def test_the_words_of_the_synthetic_data_find_their_payer(word, key):
    assert site_of("synthea").payer(word).key == key


@pytest.mark.parametrize("word", ["no_insurance", "NO_INSURANCE"])
def test_a_patient_without_insurance_finds_no_payer(word):
    assert site_of("synthea").payer(word) is None


def test_every_age_is_assigned_a_payer():
    rows = site_of("synthea").assignments
    for age in range(111):
        assert any(row.min_age <= age <= row.max_age for row in rows), age


@pytest.mark.parametrize(
    ("year", "dollars"),
    [(2019, 185), (2020, 198), (2021, 203), (2022, 233), (2023, 226), (2024, 240), (2025, 257), (2026, 283)],
)
@pytest.mark.parametrize(("folder", "id"), [("clinic", "MCR01"), ("synthea", "SYMCR")])
def test_medicare_asks_the_published_deductible_of_the_year(folder, id, year, dollars):
    """CMS announces the annual Part B deductible in the Federal Register (2024 $240, 2025 $257, 2026 $283)."""
    medicare = payers_of(folder).payer(id)
    assert medicare.benefits("", date(year, 1, 1)).deductible == dollars * 100
    assert medicare.benefits("", date(year, 12, 31)).deductible == dollars * 100


@pytest.mark.parametrize(
    ("day", "part"),
    [("2013-03-31", None), ("2013-04-01", "0.02"), ("2020-04-30", "0.02"), ("2020-05-01", "0"), ("2022-04-01", "0.01"),
     ("2026-01-01", "0.02")],
)  # fmt: skip
def test_sequestration_follows_the_law_of_the_day(day, part):
    withheld = payers_of("clinic").payer("MCR01").withheld.on(date.fromisoformat(day))
    assert withheld == (None if part is None else Decimal(part))


def test_the_charge_master_prices_every_code_that_the_crosswalk_can_bill():
    master = read_charge_master((DEMO / "charge_master.csv").read_text().splitlines())
    assert len(master) > 800
    for _, code in all_billing_codes():
        assert master.price(code, date(2016, 1, 1)), code


def test_the_charge_master_prices_every_code_that_the_clinic_wrote_down():
    master = read_charge_master((DEMO / "charge_master.csv").read_text().splitlines())
    recorded = {
        coding["code"]
        for chart in (DEMO / "clinic" / "charts").iterdir()
        for entry in json.loads(chart.read_text()).get("entry", ())
        for coding in entry["resource"].get("code", {}).get("coding", ())
        if coding.get("system") in (CPT, HCPCS)
    }
    assert recorded
    assert sorted(code for code in recorded if not master.price(code, date(2025, 6, 1))) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace('seed = 1215', 'seed = "x"'), "seed"),
        (lambda text: text.replace('id = "SYMCD"', 'id = "SYMCR"'), "two payers have the id 'SYMCR'"),
        (lambda text: text.replace('"1399999801"', '"39999"'), "originator_id"),
        (lambda text: text.replace('= "0.4545" }', '= "1.4545" }'), "between 0 and 1"),
        (lambda text: text.replace("deductible = 300_00", "deductable = 300_00"), "deductable"),
        (lambda text: text.replace('"99381-99397"', '"99397-99381"'), "not a range"),
        (lambda text: text + "[[payers", "not TOML"),
    ],
)  # fmt: skip
def test_a_payers_file_that_can_not_be_used_says_why(change, says):
    text = (DEMO / "synthea" / "payers.toml").read_text()
    with pytest.raises(PayerConfigError, match=r"^payers\.toml: ") as caught:
        read_payers(change(text))
    assert says in str(caught.value)
