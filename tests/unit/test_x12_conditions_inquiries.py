"""The situational rules of eligibility, claim status and services review, each where it holds and where it doesn't."""

from collections.abc import Iterator, Sequence

import pytest

from superbill.x12.conditions import CONDITIONS, eligibility, review, status
from superbill.x12.guides import eligibility_270, eligibility_271, review_278, status_276, status_277
from superbill.x12.nodes import Compiled
from superbill.x12.rules import Guide, LoopRule, SegmentRule
from superbill.x12.tree import Interchange, Loop
from superbill.x12.walk import walk

ELIGIBILITY = (
    "HL*1**20*1",
    "NM1*PR*2*PLAN A*****PI*A1",
    "HL*2*1*21*1",
    "NM1*1P*2*CLINIC*****XX*1234567893",
    "HL*3*2*22*0",
    "NM1*IL*1*DOE*JANE****MI*M1",
)
STATUS = (
    "HL*1**20*1",
    "NM1*PR*2*PLAN A*****PI*A1",
    "HL*2*1*21*1",
    "NM1*41*2*CLINIC*****46*C1",
    "HL*3*2*19*1",
    "NM1*1P*2*CLINIC*****XX*1234567893",
    "HL*4*3*22*0",
    "NM1*IL*1*DOE*JANE****MI*M1",
)
REVIEW = (
    "HL*1**20*1",
    "NM1*X3*2*PLAN A*****PI*A1",
    "HL*2*1*21*1",
    "NM1*1P*1*ROE*RIA****XX*1234567893",
    "HL*3*2*22*1",
    "NM1*IL*1*DOE*JANE****MI*M1",
)
SAMPLES: dict[str, tuple[Guide, tuple[str, ...]]] = {
    "270": (eligibility_270.GUIDE, ("BHT*0022*13*1*20260105*1200", *ELIGIBILITY, "EQ*30")),
    "271": (
        eligibility_271.GUIDE,
        ("BHT*0022*11*1*20260105*1200", *ELIGIBILITY, "INS*Y*18", "EB*1**30", "LS*2120", "NM1*PR*2*PLAN B", "LE*2120"),
    ),
    "276": (
        status_276.GUIDE,
        ("BHT*0010*13*1*20260105*1200", *STATUS, "TRN*1*T1", "SVC*HC:99213*80****1", "DTP*472*D8*20260101"),
    ),
    "277": (
        status_277.GUIDE,
        ("BHT*0010*08*1*20260105*1200*DG", *STATUS, "TRN*2*T1", "STC*P3:317*20260106", "SVC*HC:99213*80*0****1"),
    ),
    "request": (
        review_278.REQUEST,
        ("BHT*0007*13*1*20260105*1200", *REVIEW, "HL*4*3*EV*0", "UM*AR*I*2*21:B*****Y", "PWK*AS*EL***AC*P1"),
    ),
    "response": (
        review_278.RESPONSE,
        ("BHT*0007*11*1*20260105*1200*18", *REVIEW, "HL*4*3*EV*1", "UM*AR*I*2*21:B", "HCR*A1*N1", "HL*5*4*SS*0"),
    ),
}
DEPENDENT = {
    "270": ("HL*4*3*23*0", "NM1*03*1*DOE*JIM"),
    "276": ("HL*5*4*23", "DMG*D8*20200101*M", "NM1*QC*1*DOE*JIM", "TRN*1*T2"),
    "277": ("HL*5*4*23", "NM1*QC*1*DOE*JIM", "TRN*2*T2", "STC*P3:317*20260106"),
    "request": ("HL*4*3*23*1", "NM1*QC*1*DOE*JIM"),
}


def transaction(guide: Guide, body: Sequence[str]) -> Loop:
    number = guide.identifier
    segments = [
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260105*1200*^*00501*000000001*0*T*:",
        f"GS*{guide.functional_id}*SENDER*RECEIVER*20260105*1200*1*X*{guide.version}",
        f"ST*{number}*0001*{guide.version}",
        *body,
        f"SE*{len(body) + 2}*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    compiled = Compiled(guide)
    source = "".join(each + "~" for each in segments).encode()
    read = next(walk(source, lambda *_: [compiled], units=False))
    assert isinstance(read, Interchange)
    [found] = read.groups[0].transactions
    assert not found.findings
    return found.root


def everywhere(loop: Loop, above: tuple[Loop, ...] = ()) -> Iterator[tuple[Loop, tuple[Loop, ...]]]:
    yield loop, above
    for part in loop.body:
        if isinstance(part, Loop):
            yield from everywhere(part, (loop, *above))


def holds(sample: str, place: str, change: tuple[str, ...]) -> bool:
    """Whether the rule at `place` (loop, name and perhaps element) holds in the sample after the change.

    A change "-X" takes away the segments that begin so, "X=Y" puts Y in the place of X, anything else is added.
    """
    guide, body = SAMPLES[sample]
    for each in change:
        if each.startswith("-"):
            body = tuple(segment for segment in body if not segment.startswith(each[1:]))
        elif "=" in each:
            old, new = each.split("=")
            body = tuple(new if segment.startswith(old) else segment for segment in body)
        else:
            body = (*body, each)
    id, name, *position = place.split()
    loop, above = next(found for found in everywhere(transaction(guide, body)) if found[0].id == id)
    rule = next(part for part in loop.node.rule.parts if part.name == name)
    if not position:
        return CONDITIONS[rule.when](loop, above, None)
    assert isinstance(rule, SegmentRule)
    element = rule.at(int(position[0]))
    assert element is not None
    return CONDITIONS[element.when](loop, above, getattr(loop, name))


CASES: tuple[tuple[str, str, tuple[str, ...], bool], ...] = (
    ("270", "ST beginning 6", (), False),
    ("270", "ST beginning 6", ("BHT=BHT*0022*01*1*20260105*1200*RT",), True),
    ("270", "2100C inquiries", (), True),
    ("270", "2100C inquiries", ("HL*3=HL*3*2*22*1", "-EQ", *DEPENDENT["270"]), False),
    ("271", "2110C related_entities_start", (), True),
    ("271", "2110C related_entities_end", ("-NM1*PR*2*PLAN B",), False),
    ("271", "2100C name 3", (), True),
    ("271", "2100C name 3", ("INS*Y*18=AAA*N**72*C", "-EB", "-LS", "-NM1*PR*2*PLAN B", "-LE"), False),
    ("271", "2100C name 3", ("LS*2120=AAA*N**15*C", "-NM1*PR*2*PLAN B", "-LE"), False),
    ("271", "2100C relationship 3", (), False),
    ("271", "2100C relationship 3", ("INS*Y*18=INS*Y*18**25",), True),
    ("271", "2100C relationship 4", (), False),
    ("271", "2100C relationship 4", ("INS*Y*18=INS*Y*18*001",), True),
    ("276", "2000D demographics", (), True),
    ("276", "2000D claims", ("HL*4=HL*4*3*22*1", *DEPENDENT["276"]), False),
    ("276", "2200D service_date", (), False),
    ("276", "2200D service_date", ("-SVC", "-DTP"), True),
    ("277", "2000D claims", (), True),
    ("277", "2000D claims", ("HL*4=HL*4*3*22*1", *DEPENDENT["277"]), False),
    ("277", "2200D service_date", (), True),
    ("277", "2000B receiver_trace", (), False),
    ("277", "2000B receiver_trace", ("HL*2=HL*2*1*21*0", "-HL*3", "-NM1*1P", "-HL*4", "-NM1*IL", "-SVC"), True),
    ("277", "2000C provider_trace", (), False),
    ("277", "2000C provider_trace", ("HL*3=HL*3*2*19*0", "-HL*4", "-NM1*IL", "-SVC", "TRN*2=TRN*1*T1"), True),
    ("request", "2000C patient_event", (), True),
    ("request", "2000C patient_event", ("-HL*4", "-UM", "-PWK", *DEPENDENT["request"]), False),
    ("request", "2000E admission_date", (), True),
    ("request", "2000E admission_date", ("UM=UM*HS*I",), False),
    ("request", "2000E admission_date", ("-UM",), False),
    ("request", "2000E previous_authorization_number", (), False),
    ("request", "2000E previous_authorization_number", ("UM=UM*HS*S",), True),
    ("request", "2000E previous_authorization_number", ("UM=UM*HS*S", "PWK=REF*NT*R1"), False),
    ("request", "2000E previous_authorization_number", ("-UM",), False),
    ("response", "2000E decision", (), True),
    ("response", "2000E decision", ("HCR*A3*N2**Y",), False),
    ("response", "2000E decision", ("HCR=AAA*N**15*C",), False),
    ("response", "2000E decision", ("AAA*N**57*C",), False),
    ("response", "2000E decision 2", (), True),
    ("response", "2000E decision 2", ("HCR=HCR*A4**0U",), False),
    ("response", "2000E decision 3", (), False),
    ("response", "2000E decision 3", ("HCR=HCR*A3**0U",), True),
)


@pytest.mark.parametrize(("sample", "place", "change", "expected"), CASES, ids=map(str, range(len(CASES))))
def test_a_condition_holds_where_it_should(sample, place, change, expected):
    assert holds(sample, place, change) is expected


@pytest.mark.parametrize(("transmission", "expected"), [("EL", True), ("VO", False), ("AA", False)])
def test_a_report_that_is_sent_has_a_number(transmission, expected):
    guide, body = SAMPLES["request"]
    root = transaction(guide, (*body[:-1], f"PWK*AS*{transmission}"))
    event = next(loop for loop, _ in everywhere(root) if loop.id == "2000E")
    [report] = event.additional_information
    assert review.report_is_sent(event, (), report) is expected


def conditions_of(rule: LoopRule) -> Iterator[str]:
    for part in rule.parts:
        yield part.when
        if isinstance(part, LoopRule):
            yield from conditions_of(part)
        else:
            yield from (element.when for element in part.elements)


def test_each_condition_is_used():
    used = {name for guide, _ in SAMPLES.values() for name in conditions_of(guide.root)}
    made = {
        name
        for name, each in CONDITIONS.items()
        if each.__module__ in {m.__name__ for m in (eligibility, review, status)}
    }
    assert made <= used


@pytest.mark.parametrize(
    ("bht", "key"),
    [
        ("BHT*0007*13*1*20260105*1200", "278-request"),
        ("BHT*0007*01*1*20260105*1200", "278-request"),
        ("BHT*0007*11*1*20260105*1200*18", "278-response"),
        ("BHT", "278-request"),
    ],
)
def test_the_purpose_tells_a_review_request_from_its_response(bht, key):
    told = [
        guide.key for guide in (review_278.REQUEST, review_278.RESPONSE) if guide.tells and guide.tells(bht.split("*"))
    ]
    assert told == [key]
