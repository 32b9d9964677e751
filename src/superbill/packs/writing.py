"""Writes a pack as YAML that reads back as the same rules: what denials propose becomes a file for a person to edit."""

from typing import Any

import yaml

from superbill.money import decimal_dollars
from superbill.packs.fields import FIELDS
from superbill.packs.model import AllOf, AnyOf, Condition, NotOf, Pack, PackRule


def write_pack(pack: Pack) -> str:
    """The pack as YAML."""
    document: dict[str, Any] = {"pack": pack.name, "version": pack.version}
    document |= {key: value for key, value in (("about", pack.about), ("source", pack.source)) if value}
    if pack.applies is not None:
        document["applies"] = _condition(pack.applies)
    document["rules"] = [_rule(one) for one in pack.rules]
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)


def _rule(one: PackRule) -> dict[str, Any]:
    words = {
        "id": one.id,
        "severity": one.severity,
        "since": one.since,
        "until": one.until,
        "forms": list(one.forms),
        "when": _condition(one.when),
        "say": one.say,
        "fix": one.fix,
        "where": one.where,
        "why": one.why,
        "source": one.source,
    }
    return {key: value for key, value in words.items() if value}


def _condition(condition: Condition) -> dict[str, Any]:
    if isinstance(condition, AllOf):
        return {"all": [_condition(part) for part in condition.parts]}
    if isinstance(condition, AnyOf):
        return {"any": [_condition(part) for part in condition.parts]}
    if isinstance(condition, NotOf):
        return {"not": _condition(condition.part)}
    return {"field": condition.field, condition.operator: _value(condition.field, condition.operator, condition.value)}


def _value(field: str, operator: str, value: Any) -> Any:
    if operator in ("present", "missing"):
        return True
    if isinstance(value, tuple):
        return list(value)
    if FIELDS[field].kind == "money":
        return decimal_dollars(value)
    return str(value)
