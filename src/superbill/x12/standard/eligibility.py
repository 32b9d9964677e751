"""Segments of eligibility and benefits (270, 271)."""

from superbill.x12.standard.base import Money, Quantity, Segment, When
from superbill.x12.standard.composites import C001, C003, C004


class EQ(Segment, frozen=True):
    """What is asked about: types of service, or a procedure, perhaps for diagnoses that HI lists."""

    ELEMENTS = "1365 C003 1207 1336 C004"
    NOTES = "R0102"

    service_types: tuple[str, ...] = ()
    procedure: C003 | None = None
    coverage_level: str = ""
    insurance_type: str = ""
    diagnosis_pointers: C004 | None = None


class EB(Segment, frozen=True):
    """One thing known of a member's coverage: what it is (`information`), and for which services, level and period.

    `amount` is in cents, `percent` a fraction of 1: 0.2 is 20 %. `authorization_required` and `in_network` are Y, N,
    U (unknown), and W for what does not depend on the network.
    """

    ELEMENTS = "1390 1207 1365 1336 1204 615 782 954 673 380 1073 1073 C003 C004"
    NOTES = "P0910"

    information: str = ""
    coverage_level: str = ""
    service_types: tuple[str, ...] = ()
    insurance_type: str = ""
    plan_description: str = ""
    time_period: str = ""
    amount: Money = None
    percent: Quantity = None
    quantity_qualifier: str = ""
    quantity: Quantity = None
    authorization_required: str = ""
    in_network: str = ""
    procedure: C003 | None = None
    diagnosis_pointers: C004 | None = None


class AAA(Segment, frozen=True):
    """Why a request was not processed (`reject_reason`), and what its sender may do (`follow_up`).

    `valid` is Y where the request itself was valid and N where it was not.
    """

    ELEMENTS = "1073 559 901 889"

    valid: str = ""
    agency: str = ""
    reject_reason: str = ""
    follow_up: str = ""


class III(Segment, frozen=True):
    """More on a benefit or an inquiry: a code of the list that `qualifier` names, such as a place of service."""

    ELEMENTS = "1270 1271 1136 933 380 C001 752 752 752"
    NOTES = "P0102 L030405"
    KEY = 1

    qualifier: str = ""
    code: str = ""
    category: str = ""
    text: str = ""
    quantity: Quantity = None
    unit: C001 | None = None
    position_1: str = ""
    position_2: str = ""
    position_3: str = ""


class MPI(Segment, frozen=True):
    """Military service: whether the information is current, employment, branch, rank, and when."""

    ELEMENTS = "1201 584 1595 352 1596 1250 1251"
    NOTES = "P0607"

    information_status: str = ""
    employment_status: str = ""
    branch: str = ""
    description: str = ""
    rank: str = ""
    date_format: str = ""
    date: When = None


class LS(Segment, frozen=True):
    """Start of a bounded loop, by the loop's identifier."""

    ELEMENTS = "447"
    KEY = 1

    loop: str = ""


class LE(Segment, frozen=True):
    """End of the loop that LS opened."""

    ELEMENTS = "447"
    KEY = 1

    loop: str = ""
