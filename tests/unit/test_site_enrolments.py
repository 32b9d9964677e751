"""The enrolments of a site file: who is meant, and what can't be used is told with place and fix."""

from datetime import date
from importlib import resources

import pytest

from superbill.site import SiteError, read_site

TEXT = (resources.files("superbill.demo") / "clinic" / "site.toml").read_text()
SITE = read_site(TEXT)


def with_entry(entry: str):
    return read_site(f"{TEXT}\n[[enrolments]]\n{entry}\n", "lakeside.toml")


def test_an_enrolment_names_its_provider_by_key_or_by_npi():
    key, npi = SITE.providers[0].key, SITE.providers[0].npi
    site = with_entry(f'provider = "{key}"\npayer = "{SITE.payers[0].key}"\nstart = 2026-01-01')
    [entry] = site.enrolments
    assert entry.start == date(2026, 1, 1) and entry.end is None
    assert site.enrolled_npi(entry.provider) == npi
    assert site.enrolled_npi(SITE.practice.key) == SITE.practice.npi
    assert site.enrolled_npi("1234567893") == "1234567893"


@pytest.mark.parametrize(
    "entry, said",
    [
        ('provider = "nobody"', r"lakeside.toml: enrolments, entry 1: provider 'nobody' is no NPI and none of \["),
        ('provider = "1234567890"', "provider '1234567890' is no NPI"),
        ('provider = "1234567893"\npayer = "nopayer"', "entry 1: payer 'nopayer' is none of .*leave it out"),
        (
            'provider = "1234567893"\nstart = 2026-02-01\nend = 2026-01-31',
            "ends on 2026-01-31, before its start on 2026-02-01; correct",
        ),
        ('provider = "1234567893"\nfrom = 2026-02-01', "unknown field `from`.*enrolments"),
        ('provider = "1234567893"\nstart = "soon"', "enrolments"),
    ],
    ids=["unknown key", "wrong check digit", "unknown payer", "ends before it starts", "unknown field", "no date"],
)
def test_an_enrolment_that_can_t_be_used_is_told_with_its_place(entry, said):
    with pytest.raises(SiteError, match=said):
        with_entry(entry)


def test_one_that_ends_on_the_day_it_starts_is_an_enrolment_of_one_day():
    assert with_entry('provider = "1234567893"\nstart = 2026-02-01\nend = 2026-02-01').enrolments
