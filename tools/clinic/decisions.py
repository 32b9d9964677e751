"""What the simulated coder decides for visits that only their note tells of."""

import json
from typing import Any

from clinic import grammar


def of(visit: grammar.Visit) -> dict[str, Any]:
    """The decision for one visit: its diagnoses and services as its source has them."""
    services = [
        {"code": each.code, "modifiers": list(each.modifiers), "units": each.units or 1} for each in visit.services
    ]
    return {"diagnoses": list(visit.diagnoses), "services": services}


def as_json(decided: dict[str, Any]) -> str:
    """All decisions by visit, one to a line."""
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(each)}" for name, each in decided.items())
    return f'{{"coder": "simulated coder", "visits": {{\n{lines}\n}}}}\n'
