"""Clean professional claims from the Synthea bundles, each moved into a quarter for which there are tables."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from superbill.app.path.coding import code_one, covered
from superbill.chart.reader import ReadReport, SourceFile, read_charts
from superbill.chart.shift import shift
from superbill.claims.build import assemble
from superbill.claims.inputs import Built, PayerLookup
from superbill.claims.model import Claim
from superbill.codesets.importing import import_file
from superbill.codesets.store import Store
from superbill.edits import Context, PayerFacts, Reference, check, payer_facts
from superbill.findings import Severity
from superbill.pricing import ChargeMaster, read_charge_master
from superbill.site import Site, billing_parties, payer_lookup, read_site
from tests.codesets import embedded_folder
from tests.edits_reference import SAMPLES

SYNTHEA = Path(__file__).parents[2] / "shared" / "data" / "synthea"
DEMO = Path(__file__).parents[1] / "src" / "superbill" / "demo"
DAY = date(2026, 5, 4)
"""The first day of service of every claim."""
TODAY = date(2026, 5, 20)
_QUARTERLY = ("ccipra", "ccioph", "MCR_MUE", "PPRRVU", "addendum_b")


@cache
def quarter_reference() -> Reference:
    """The embedded code sets and the samples, all of them in force on DAY."""
    folder = Path(tempfile.mkdtemp(prefix="superbill-quarter-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for release in embedded_folder().iterdir():
        os.link(release, folder / release.name)
    for sample in sorted(SAMPLES.iterdir()):
        if sample.suffix == ".md" or "Eff_01-01" in sample.name:
            continue
        first = date(2026, 4, 1) if sample.name.startswith(_QUARTERLY) else None
        import_file(sample, folder, effective=first, force=True)
    return Reference(Store(folder))


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")


def built_claims(*folders: str) -> Iterator[tuple[Claim, Context]]:
    """The first payer's claims of the visits of these folders of data (default: the bundles), with what the edits may
    know of them, in a fixed order."""
    site = read_site((DEMO / "synthea" / "site.toml").read_text("utf-8"))
    with (DEMO / "charge_master.csv").open(encoding="utf-8", newline="") as lines:
        charges = read_charge_master(lines)
    payers = payer_lookup(site)
    for folder in folders or ("bundles",):
        files = [SourceFile(path.name, partial(_opened, path)) for path in sorted((SYNTHEA / folder).iterdir())]
        yield from _built(files, folder[0].upper(), site, charges, payers)


def _built(
    files: list[SourceFile], letter: str, site: Site, charges: ChargeMaster, payers: PayerLookup
) -> Iterator[tuple[Claim, Context]]:
    for number, chart in enumerate(read_charts(files, ReadReport())):
        days = [visit.date_of_service for visit in chart.encounters]
        if not days:
            continue
        moved = shift(chart, max(0, (date(2015, 10, 1) - min(days)).days))
        dates = [visit.date_of_service for visit in moved.encounters]
        for place, visit in enumerate(moved.encounters):
            coded = code_one(site, moved, visit, dates)
            outcome = assemble(
                covered(site, moved, visit),
                visit,
                coded,
                account=f"{letter}{number}X{place}",
                parties=billing_parties(site, visit),
                payers=payers,
                price=lambda code, modifiers, day: charges.price(code, day, modifiers) or 100_00,
            )
            if isinstance(outcome, Built):
                entry = site.payer(outcome.coverages[0].payer.key)
                facts = payer_facts(entry) if entry else PayerFacts()
                context = Context(today=TODAY, payer=facts, reference=quarter_reference())
                for claim in outcome.claims:
                    if claim.kind == "professional":
                        yield in_quarter(claim), context


def in_quarter(claim: Claim) -> Claim:
    """The claim with every day moved so that its first service is on DAY."""
    first = claim.service.start
    assert first is not None
    return msgspec.convert(_moved(msgspec.to_builtins(claim, builtin_types=(date,)), DAY - first), Claim, strict=False)


def _moved(value: Any, by: timedelta) -> Any:
    if isinstance(value, dict):
        return {key: _moved(each, by) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_moved(each, by) for each in value]
    return value + by if isinstance(value, date) else value


@cache
def clean_claims(count: int, *folders: str) -> tuple[tuple[Claim, Context], ...]:
    """The first `count` claims without an error, and each with what the edits may know of it."""
    found: list[tuple[Claim, Context]] = []
    for claim, context in built_claims(*folders):
        if not any(finding.severity is Severity.ERROR for finding in check(claim, context)):
            found.append((claim, context))
            if len(found) == count:
                break
    return tuple(found)
