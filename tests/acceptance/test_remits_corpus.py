"""Every 835 of the shared corpus that is valid, posted against claims made from it: balanced, to the cent, once.

The claims are those that its CLPs answer, under the control numbers of the file, with the lines that its SVCs name.
What the file pays is added up here from its text, without any of the program's own reading.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest
from django.db.models import Sum
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, chart, claim, coded

from superbill.app.accounts.actors import system_actor
from superbill.app.billing.models import Posting
from superbill.app.claims.actions import ClaimDraft, open_claims
from superbill.app.claims.models import ClaimRow
from superbill.app.doctor import examine
from superbill.app.encounters.actions import record_coding
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.actions import import_charts
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.claims.model import ServiceLine
from superbill.effective import Period
from superbill.x12 import X12ReadError, read_835

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"{CORPUS} is not here"),
]


# Payments that are not posted, and why: beginnings of file names, the place of the payment, what is wrong with it.
UNREADABLE = {
    "azoner+pyx12/pyx12/test/x12testdata.py.L145": "version 4010",
    "azoner+pyx12/pyx12/test/x12testdata.py.L643": "version 4010",
    "apimeister+x12-types/README.md": "version 4010",
    "apimeister+x12-types/examples/parse_x12": "version 4010",
    "keironstoddart+edi-835-parser/tests/test_edi_835_files/blue_cross_nc": "begins with ST: no interchange",
    "kputnam+stupidedi/notes/recover": "prose with segments in it",
    "kputnam+stupidedi/notes/split": "prose with segments in it",
    "kputnam+stupidedi/spec/fixtures/004010": "prose with a fragment of an interchange of version 4010",
    "kputnam+stupidedi/spec/fixtures/005010/X221 HP835": "prose, no interchange",
}
NOT_POSTED = {
    # CLP04 is 187.50, the SVC03 below it add up to 1,766.50; stupidedi's copy of the same example has it right.
    ("tertiary-payment.835", 0): "CLP04 pays 187.5 but its lines add up to 1766.5",
    # BPR02 leaves out the PLB of the same payment: 835 TR3, BPR02 = Σ CLP04 − Σ PLB.
    ("input/sample_835.txt", 0): "-3.22 of 1.78 (BPR02) is explained",
    ("sample_835_with_interests.txt", 0): "-3.22 of 1.78 (BPR02) is explained",
    ("sample_835_with_interests.txt", 1): "151.43 of 141.13 (BPR02) is explained",
}
POSTED = 52  # transactions of the readable files
# Answers whose money waits in suspense, by file: how many.
IN_SUSPENSE = {
    # One control number for nine people's claims.
    "multiple-claims-single-check.edi": 6,
    "_835_test.rs.37.edi": 6,
    # "PATIENT ACCOUNT NUMBER" three times.
    "emedny_sample.txt": 1,
    # A reversal of a payment that is in no file.
    "_835_test.rs.2.edi": 1,
    "_835_test.rs.7.edi": 1,
}


def files():
    """(name, label) of each 835 of the corpus, as its source labels it."""
    with (CORPUS / "index.csv").open(newline="") as index:
        return [(row["file"], row["validity"]) for row in csv.DictReader(index) if row["transaction"] == "835"]


def told(text):
    """What each transaction of a file says in cents: BPR02, Σ CLP04, Σ PLB, by splitting segments and nothing else."""
    element, segment = text[3], text[105]
    sets = []
    for each in text.split(segment):
        parts = each.strip().split(element)
        if parts[0] == "ST":
            sets.append(Counter())
        elif parts[0] == "BPR":
            sets[-1]["bpr"] += cents(parts[2])
        elif parts[0] == "CLP":
            sets[-1]["clp"] += cents(parts[4])
        elif parts[0] == "PLB":
            sets[-1]["plb"] += sum(cents(amount) for amount in parts[4::2] if amount)
    return sets


def cents(text):
    whole, _, part = text.lstrip("-").partition(".")
    amount = int(whole or 0) * 100 + int((part + "00")[:2])
    return -amount if text.startswith("-") else amount


def lines_of(answers):
    """Our lines for a claim: each service that its answers name, once; the whole charge where none is named."""
    lines, seen = [], Counter()
    for answer in answers:
        of_answer = Counter()
        for theirs in answer.lines:
            billed = theirs.submitted_procedure or theirs.procedure
            said = theirs.control_number, billed, abs(theirs.charge), theirs.service
            of_answer[said] += 1
            if of_answer[said] > seen[said]:
                seen[said] += 1
                lines.append((theirs, billed))
    charge = max((abs(answer.charge) for answer in answers), default=0)
    for theirs, billed in lines:
        institutional = billed.qualifier == "NU"
        yield (
            {
                "procedure": replace(billed, code="") if institutional else billed,
                "revenue_code": billed.code if institutional else theirs.revenue_code,
                "charge": abs(theirs.charge),
                "service": theirs.service,
            },
            theirs.control_number,
        )
    if not lines:
        yield {"charge": charge}, ""


def bill(actor, remittances):
    """Charts, and a claim for every control number that the remittances answer; numbers that we couldn't have sent."""
    answers = {}
    for remittance in remittances:
        for answer in remittance.claims:
            answers.setdefault(answer.control_number, []).append(answer)
    import_charts(actor, [chart(number) for number in range(1, len(answers) + 1)], at=AT)
    rows = list(actor.scope.rows(EncounterRow).select_related("patient").order_by("id"))
    record_coding(actor, [(row.pk, coded(row.source_id, row.patient.source_id)) for row in rows], at=AT)
    drafts = []
    for row, (number, told_of) in zip(rows, answers.items(), strict=True):
        base = claim(row.account_number, (1,), number=number, day=row.date_of_service)
        lines, keys = [], set()
        for place, (said, key) in enumerate(lines_of(told_of), 1):
            own = key if key and key not in keys else f"{row.account_number}-{place}"
            keys.add(own)
            service = said.pop("service", None) or Period(row.date_of_service, row.date_of_service)
            if service.start is None:
                service = Period(row.date_of_service, row.date_of_service)
            said = {"procedure": base.lines[0].procedure, **said}
            pointers = base.lines[0].diagnosis_pointers
            lines.append(
                ServiceLine(number=place, control_number=own, service=service, diagnosis_pointers=pointers, **said)
            )
        drafts.append(ClaimDraft(encounter=row.pk, claim=replace(base, lines=tuple(lines)), payer_key="one"))
    open_claims(actor, drafts, TODAY, at=AT)
    actor.scope.rows(ClaimRow).update(state="sent")


def on_account(actor, *names):
    moves = actor.scope.rows(Posting).filter(account__in=names)
    return moves.aggregate(total=Sum("amount"))["total"] or 0


def in_other_bytes(text):
    """The same interchange with other delimiters and a line for each segment."""
    element, segment = text[3], text[105]
    other = next(each for each in "|!^" if each not in text)
    return text.replace(segment, "\x1c").replace("\n", "").replace("\r", "").replace(element, other).replace(
        "\x1c", "~\n" if "~" not in text or segment == "~" else segment + "\n"
    )  # fmt: skip


def test_every_valid_835_is_posted_to_the_cent_and_once(database, tmp_path):
    posted, not_posted, in_suspense = 0, {}, {}
    for number, (name, label) in enumerate(files()):
        text = (CORPUS / name).read_text(errors="replace")
        if any(name.startswith(start) for start in UNREADABLE):
            continue
        remittances = [remittance for _, remittance in read_835(CORPUS / name)]
        sums = told(text)
        assert len(remittances) == len(sums) > 0, name
        actor = system_actor(open_practice(f"file{number}", name[-60:]).pk)
        bill(actor, remittances)
        results = [post_remittance(actor, each, payer_key="one", at=AT) for each in remittances]
        for place, result in enumerate(results):
            if result.held:
                not_posted[name, place] = result.findings[0].message
        own = [said for said, result in zip(sums, results, strict=True) if not result.held]
        posted += len(own)
        held = sum(outcome.state == "held" for result in results for outcome in result.outcomes)
        if held:
            in_suspense[name] = held
        paid, clearing, waiting = on_lines(actor), on_account(actor, "clearing"), -on_account(actor, "suspense")
        assert on_account(actor, "cash") == sum(said["bpr"] for said in own), name
        assert paid + waiting == sum(said["clp"] for said in own), name
        forwarded = on_account(actor, "provider_level", "interest", "settlement", "capitation", "fees")
        assert (forwarded, clearing) == (sum(said["plb"] for said in own), 0), name
        assert paid + waiting == on_account(actor, "cash") + forwarded, name
        report = examine(actor.scope)
        assert report.healthy, (name, report.findings)
        before = actor.scope.rows(Posting).count()
        path = tmp_path / f"{number}.edi"
        path.write_text(in_other_bytes(text), newline="")
        again = [post_remittance(actor, each, payer_key="one", at=AT) for _, each in read_835(path)]
        assert [one.already for one in again] == [not result.held for result in results], name
        assert actor.scope.rows(Posting).count() == before, name
        assert label != "valid" or own or name.endswith("tertiary-payment.835")
    assert {key: told_why(key, not_posted) for key in not_posted} == not_posted
    assert len(not_posted) == len(NOT_POSTED)
    assert {name.rpartition("/")[2]: count for name, count in in_suspense.items()} == IN_SUSPENSE
    assert posted == POSTED, posted


def told_why(key, not_posted):
    """The message, where it is the one that the table expects of this payment."""
    expected = [why for (end, place), why in NOT_POSTED.items() if key[0].endswith(end) and key[1] == place]
    return not_posted[key] if expected and expected[0] in not_posted[key] else f"not expected: {expected}"


def on_lines(actor):
    """What payers paid on lines."""
    moves = actor.scope.rows(Posting).filter(account="clearing", line__isnull=False)
    return moves.aggregate(total=Sum("amount"))["total"] or 0


def test_what_cannot_be_read_says_so():
    told_of = {}
    for name, _ in files():
        start = next((start for start in UNREADABLE if name.startswith(start)), None)
        if start is None:
            continue
        try:
            told_of[start] = len(list(read_835(CORPUS / name)))
        except X12ReadError as error:
            told_of[start] = str(error)
            assert "not with ISA" in str(error)
    assert told_of.keys() == UNREADABLE.keys()
