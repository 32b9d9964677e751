"""How a practice bills its patients: cycles, words and ways to pay, as its site file says under `[money.statement]`."""

from typing import Literal

from msgspec import Struct


class AssistancePolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A financial assistance policy, as far as bills speak of it: its `name`, where copies are (`web`, `place`), who
    helps (`phone`), and up to what percentage of the federal poverty level care is `free_percent` or reduced
    (`discount_percent`), 0 where the policy says nothing of the kind.

    A charitable hospital's bills tell of it conspicuously (26 CFR 1.501(r)-4(b)(5)(i)(D)(2)) and nothing is collected
    by force before 120 days after the first one (26 CFR 1.501(r)-6(c)(3)).
    """

    name: str = "Financial Assistance Policy"
    phone: str
    web: str = ""
    place: str = ""
    free_percent: int = 0
    discount_percent: int = 0


class StatementPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`stagger`: whose turn it is within a cycle: everybody's ("none"), by the first letter of the guarantor's family
    name, or evenly by guarantor. `days_to_pay` from the statement to its due date.

    After the last level has stood for `collections_days`, and no earlier than `earliest_collections_days` after the
    first statement, what is owed is a candidate for collections; a person decides. `pay_site` is the address of the
    payment page, `hours` when the phone is answered, `message` a sentence for every statement. `notices_from` sends
    e-mail notices, which lead to `portal`.
    """

    stagger: Literal["none", "letter", "guarantor"] = "none"
    days_to_pay: int = 25
    collections_days: int = 30
    earliest_collections_days: int = 120
    pay_site: str = ""
    hours: str = ""
    message: str = ""
    notices_from: str = ""
    portal: str = ""
    assistance: AssistancePolicy | None = None
