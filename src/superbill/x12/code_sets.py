"""Code sets of outside sources and the checks of their codes, for SNIP type 5.

`SHAPES` checks the form alone, which needs no data; `standard()` also what the tables of superbill.codesets have. Both
are open: `with_sets` puts a check of one's own in place of any, a licensee's CPT table say.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache

from msgspec import Struct

from superbill import identifiers
from superbill.codesets import lists
from superbill.codesets.carc import lookup as carc
from superbill.codesets.claim_status import lookup as claim_status
from superbill.codesets.modifier import lookup as modifier
from superbill.codesets.place_of_service import lookup as place_of_service
from superbill.codesets.rarc import lookup as rarc

Check = Callable[[str, date | None], bool | str]
"""Whether a code is in its set on a day, None where the day isn't known; a text says no, and why."""


class Refusal(Struct, frozen=True):
    """Why a code is refused. `certain` is False where our table may lack it: that is worth a warning only."""

    reason: str
    certain: bool = True


class CodeSet(Struct, frozen=True):
    """A code set: what it is called, its X12 code source or other origin, and its checks.

    What `check` refuses is certainly wrong. `table` knows fewer codes than there are; what it refuses is doubtful.
    """

    title: str
    source: str
    check: Check
    table: Check | None = None

    def refusal(self, code: str, on: date | None = None) -> Refusal | None:
        """Why `code` is none of this set on that day; None for one that is."""
        for certain, check in ((True, self.check), (False, self.table)):
            answer = check is None or check(code, on)
            if answer is not True:
                return Refusal(answer or f"{code!r} is no {self.title}", certain)
        return None


class CodeSets(Struct, frozen=True):
    """Code sets by name. One that is not here is not checked."""

    sets: Mapping[str, CodeSet]

    def with_sets(self, **more: CodeSet) -> "CodeSets":
        """These sets, with `more` in place of those of the same names."""
        return CodeSets({**self.sets, **more})

    def refusal(self, name: str, code: str, on: date | None = None) -> Refusal | None:
        """Why `code` is none of the set `name` on that day; None for one that is, or where the set is not here."""
        found = self.sets.get(name)
        return found.refusal(code, on) if found else None


# --- the checks -----------------------------------------------------------------------------------------------------


def shape(pattern: str) -> Check:
    """A check of a code's form."""
    matches = re.compile(pattern, re.ASCII).fullmatch

    def check(code: str, _on: date | None) -> bool:
        return matches(code) is not None

    return check


def listed(codes: str) -> Check:
    """A check against a list, blank separated."""
    known = frozenset(codes.split())

    def check(code: str, _on: date | None) -> bool:
        return code in known

    return check


def _of(is_one: Callable[[str], bool]) -> Check:
    cached = lru_cache(1 << 14)(is_one)

    def check(code: str, _on: date | None) -> bool:
        return cached(code)

    return check


def _without_point(pattern: str) -> Check:
    """A diagnosis code: X12 carries it without its decimal point."""
    right = shape(pattern)

    def check(code: str, on: date | None) -> bool | str:
        if "." in code and right(code.replace(".", ""), on):
            return f"{code!r} has a decimal point, which X12 leaves out"
        return right(code, on)

    return check


def _is_hcpcs(code: str) -> bool:
    """A code of HCPCS level I (CPT) or II. Level II's D codes are CDT: oral surgeons bill them on medical claims."""
    return identifiers.is_procedure_code(code) or _is_cdt(code)


def _is_cdt(code: str) -> bool:
    return len(code) == 5 and code[0] == "D" and code[1:].isdecimal() and code.isascii()


def is_routing_number(text: str) -> bool:
    """A bank's ABA routing number: nine digits whose sum, weighted 3 7 1, is a multiple of ten, and not all zero."""
    if len(text) != 9 or not (text.isascii() and text.isdigit()) or text == "000000000":
        return False
    return sum(int(digit) * weight for digit, weight in zip(text, (3, 7, 1) * 3, strict=True)) % 10 == 0


def _originator(code: str, _on: date | None) -> bool | str:
    """Ten characters, of which the first says what follows: 1 a tax number, 3 a D-U-N-S number, 9 what was agreed."""
    if len(code) != 10:
        return f"{code!r} has {len(code)} characters; an originator has ten"
    if code[0] in "13" and not (code.isascii() and code.isdigit()):
        return f"{code!r} begins with {code[0]}, which nine digits follow"
    return True


def _provider_id(code: str, _on: date | None) -> bool:
    """An NPI, or a payer's own number for a provider who has none; what looks like an NPI must be one."""
    looks_like_one = len(code) == 10 and code.isdecimal() and code[0] in "12"
    return not looks_like_one or identifiers.is_npi(code)


STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA RI SC SD TN TX UT VT VA WA WV WI WY AS FM GU MH MP PR PW UM VI AA AE AP "
    "AB BC MB NB NL NS NT NU ON PE QC SK YT"
)
COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA "
    "CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA "
    "GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP "
    "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS "
    "MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS "
    "RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW "
    "TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
_ICD10CM = r"[A-Z][0-9A][0-9AB][0-9A-Z]{0,4}"  # categories have had letters third (C4A) and, since FY2026, second (QA0)
_TOOTH = r"[1-9]|[12]\d|3[0-2]|[A-T]S?|5[1-9]|[67]\d|8[0-2]"

SHAPES = CodeSets(
    {
        "adjustment_group": CodeSet("claim adjustment group", "X12 974", listed("CO CR OA PI PR")),
        "adjustment_reason": CodeSet("claim adjustment reason", "X12 139", shape(r"[1-9]\d{0,2}|[A-Z]\d{1,2}")),
        "bill_type": CodeSet("type of bill (two digits)", "X12 236", shape(r"\d{2}")),
        "cdt": CodeSet("CDT code", "X12 135", _of(_is_cdt)),
        "claim_status": CodeSet("claim status", "X12 508", shape(r"\d{1,3}")),
        "claim_status_category": CodeSet("claim status category", "X12 507", shape(r"[A-Z]{1,2}\d{1,2}[A-Z]?|RQ")),
        "clia": CodeSet("CLIA number", "42 CFR 493", _of(identifiers.is_clia)),
        "condition_code": CodeSet("condition code", "X12 132", shape(r"[0-9A-Z]{2}")),
        "country": CodeSet("country", "ISO 3166-1", listed(COUNTRIES)),
        "currency": CodeSet("currency", "ISO 4217", shape(r"[A-Z]{3}")),
        "drg": CodeSet("diagnosis related group", "X12 229", shape(r"\d{3,4}"), shape(r"\d{3}")),
        "hcpcs": CodeSet("CPT or HCPCS code", "X12 130, 133", _of(_is_hcpcs)),
        "hipps": CodeSet("HIPPS rate code", "X12 716", shape(r"[0-9A-Z]{5}")),
        "icd10cm": CodeSet("ICD-10-CM code", "X12 897", _without_point(_ICD10CM)),
        "icd10pcs": CodeSet("ICD-10-PCS code", "X12 896", shape(r"[0-9A-HJ-NP-Z]{7}")),
        "icd9cm": CodeSet("ICD-9-CM code", "X12 131", _without_point(r"\d{3,5}|V\d{2,4}|E\d{3,4}")),
        "icd9_procedure": CodeSet("ICD-9-CM procedure code", "X12 131", _without_point(r"\d{2,4}")),
        "language": CodeSet("language", "ISO 639", shape(r"[A-Za-z]{2,3}")),
        "modifier": CodeSet("modifier", "X12 130, 133", shape(r"[0-9A-Z]{2}")),
        "ndc": CodeSet("national drug code (eleven digits)", "X12 240", shape(r"\d{11}")),
        "npi": CodeSet("NPI", "45 CFR 162.406", _of(identifiers.is_npi)),
        "occurrence_code": CodeSet("occurrence code", "X12 132", shape(r"[0-9A-Z]{2}")),
        "oral_cavity": CodeSet("area of the oral cavity", "X12 135", shape(r"0[0-29]|[1-4]0|[LR]")),
        "originator": CodeSet("originator", "X12 element 509", _originator),
        "pos": CodeSet("place of service", "X12 237", shape(r"\d{2}")),
        "postal_code_of_canada": CodeSet("postal code of Canada", "Canada Post", shape(r"[A-Z]\d[A-Z] ?\d[A-Z]\d")),
        "provider_id": CodeSet("NPI", "45 CFR 162.406", _provider_id),
        "race": CodeSet("race or ethnicity", "X12 859", shape(r"\d{4}-\d|[ER]\d(\.\d{2,3}){0,5}")),
        "remark": CodeSet("remittance advice remark", "X12 411", shape(r"(M|MA|N)\d{1,4}")),
        "revenue": CodeSet("revenue code (four digits)", "X12 132", shape(r"\d{4}")),
        "routing_number": CodeSet("ABA routing number", "X12 4", _of(is_routing_number)),
        "ssn": CodeSet("social security number (nine digits)", "42 USC 405", shape(r"(?!0{9})\d{9}")),
        "state": CodeSet("state or province", "X12 22", listed(STATES)),
        "taxonomy": CodeSet("provider taxonomy code", "X12 682", shape(r"[0-9A-Z]{9}[NXY]")),
        "tin": CodeSet("taxpayer number (nine digits)", "26 CFR 301.6109-1", _of(identifiers.is_tin)),
        "tooth": CodeSet("tooth", "X12 135", shape(_TOOTH)),
        "treatment_code": CodeSet("treatment code", "X12 359", shape(r"[0-9A-Z]{3,8}")),
        "value_code": CodeSet("value code", "X12 132", shape(r"[0-9A-Z]{2}")),
        "zip": CodeSet("ZIP code (five or nine digits)", "X12 51", _of(identifiers.is_zip)),
    }
)


# --- with the tables of superbill.codesets --------------------------------------------------------------------------


def _place_of_service(code: str, on: date | None) -> bool | str:
    if place_of_service.place(code, on) is not None:
        return True
    return f"place of service {code!r} did not exist on {on}" if place_of_service.place(code) else False


def _with_table(name: str, look: Callable[[str], object]) -> CodeSet:
    """The set of that name in SHAPES, with a table beside its form."""
    plain = SHAPES.sets[name]

    def on_file(code: str, _on: date | None) -> bool | str:
        return look(code) is not None or f"{plain.title} {code!r} is not on file"

    return CodeSet(plain.title, plain.source, plain.check, on_file)


def _listed(name: str, check: Check | None = None) -> CodeSet:
    """The set of that name in SHAPES, with the list of the same name, or `check`, as its table."""
    plain = SHAPES.sets[name]
    return CodeSet(plain.title, plain.source, plain.check, check or lists.check(name))


def _either(first: Check, second: Check) -> Check:
    """A code of either list. Why one is of neither: as the second says where it knows the code, else as the first."""

    def check(code: str, on: date | None) -> bool | str:
        answer = first(code, on)
        if answer is True or second(code, on) is True:
            return True
        return second(code, on) if second(code, None) is True else answer

    return check


def _is_trip(code: str, _on: date | None) -> bool:
    """Two letters of an ambulance line: where the trip began and ended."""
    return modifier.trip(code) is not None


@cache
def standard() -> CodeSets:
    """The shapes, and where superbill.codesets has a table the codes themselves.

    Always the same object: what is learnt of good segments under one set of codes serves the next file too.
    """
    return SHAPES.with_sets(
        adjustment_reason=_with_table("adjustment_reason", carc.reason),
        bill_type=_listed("bill_type"),
        claim_status=_with_table("claim_status", claim_status.status),
        claim_status_category=_with_table("claim_status_category", claim_status.category),
        condition_code=_listed("condition_code"),
        modifier=_listed("modifier", _either(lists.check("modifier"), _is_trip)),
        # The qualifiers of both kinds lead here: BH a code with a day, BI one with a span of days.
        occurrence_code=_listed(
            "occurrence_code", _either(lists.check("occurrence_code"), lists.check("occurrence_span"))
        ),
        pos=CodeSet("place of service", "X12 237", _place_of_service),
        remark=_with_table("remark", rarc.remark),
        revenue=_listed("revenue"),
        value_code=_listed("value_code"),
    )
