"""Which of our own edits would have caught a refusal before the claim was sent."""

from collections.abc import Iterable, Sequence
from functools import cache

from superbill.codesets import tables


@cache
def _rules() -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (row["code"], row["remark"]): tuple(row["rules"].split()) for row in tables.rows(__package__, "prevention.csv")
    }


def rules_for(code: str, remarks: Sequence[str] = ()) -> tuple[str, ...]:
    """The ids of the rules that look for what this CARC complains of, the sharper ones of its remarks alone where a
    remark is listed; "claim.*" is every rule of a family. () when none of ours could have known."""
    found = [rule for remark in remarks for rule in _rules().get((code, remark), ())]
    return tuple(dict.fromkeys(found)) or _rules().get((code, ""), ())


def caught(rules: Iterable[str], found: Iterable[str]) -> tuple[str, ...]:
    """Those of `found` (ids of findings on a claim) that are among `rules`."""
    wanted = tuple(rules)
    families = tuple(rule[:-1] for rule in wanted if rule.endswith(".*"))
    return tuple(one for one in dict.fromkeys(found) if one in wanted or (families and one.startswith(families)))


def named_rules() -> tuple[str, ...]:
    """Every rule id and family that is named."""
    return tuple(dict.fromkeys(rule for some in _rules().values() for rule in some))
