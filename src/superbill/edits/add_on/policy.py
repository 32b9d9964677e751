"""On which days and bills add-on codes are looked at: policy.yaml, read once."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Policy(Struct, frozen=True, forbid_unknown_fields=True):
    """`other_day`: add-on codes whose primary may be some days earlier; `of_group`: those whose primary another
    performer of the group may have billed. `hospital_bills`: types of bill, two digits."""

    other_day: dict[str, int]
    of_group: frozenset[str]
    hospital_bills: frozenset[str]


@cache
def policy() -> Policy:
    """What policy.yaml says."""
    return msgspec.yaml.decode(files(__package__).joinpath("policy.yaml").read_text("utf-8"), type=Policy)
