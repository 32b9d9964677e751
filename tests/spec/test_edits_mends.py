"""A finding's own changes mend it: applied, the finding is gone and no error has come instead."""

import msgspec
import pytest
from tests.edits_reference import sample_reference

from superbill.claims.model import Claim
from superbill.edits import FAMILIES, check
from superbill.edits.cases import cases, made
from superbill.findings import errors

NAMES = [family.__name__.rsplit(".", 1)[1] for family in FAMILIES]
FAILS = [case for family in NAMES for case in cases(family) if case.outcome == "fails"]


def patched(claim, changes):
    """The claim after the changes, as JSON Patch (RFC 6902) has them."""
    document = msgspec.json.decode(msgspec.json.encode(claim))
    for change in changes:
        *path, last = [part.replace("~1", "/").replace("~0", "~") for part in change.path.split("/")[1:]]
        place = document
        for part in path:
            place = place[int(part)] if isinstance(place, list) else place.setdefault(part, [] if last == "-" else {})
        if isinstance(place, list):
            at = len(place) if last == "-" else int(last)
            if change.op == "add":
                place.insert(at, msgspec.to_builtins(change.value))
            elif change.op == "remove":
                del place[at]
            else:
                place[at] = msgspec.to_builtins(change.value)
        elif change.op == "remove":
            del place[last]
        else:
            place[last] = msgspec.to_builtins(change.value)
    return msgspec.convert(document, Claim)


def told(findings):
    return {(finding.rule, finding.message) for finding in findings}


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.rule}: {case.name}") for case in FAILS])
def test_what_a_finding_would_change_mends_it(case):
    claim, context = made(case.words, sample_reference())
    found = check(claim, context)
    for finding in found:
        if finding.rule == case.rule and finding.changes:
            after = check(patched(claim, finding.changes), context)
            assert (finding.rule, finding.message) not in told(after)
            assert not told(errors(after)) - told(errors(found))
