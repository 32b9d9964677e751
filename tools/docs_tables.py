"""What the generated parts of the reference pages say, read from the code: commands, fields, rules, code tables."""

import tomllib
import types
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import click
import msgspec
from click.testing import CliRunner

from superbill.codesets.carc.lookup import all_reasons
from superbill.codesets.crosswalk import lookup as crosswalk_
from superbill.codesets.place_of_service.lookup import all_places
from superbill.edits import FAMILIES, RULES
from superbill.edits.rule import ANY_FORM, Rule

ROOT = Path(__file__).parents[1]
FIELDS = ROOT / "tools" / "docs_fields.toml"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; bars in cells are escaped."""
    made = [list(heads), ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in made)


def code(text: str) -> str:
    """Text as code, nothing for nothing."""
    return f"`{text}`" if text else ""


def command_line() -> str:
    """Every command with the help that it prints, by stage."""
    from superbill.cli.root import STAGES, root

    parts = []
    for stage, nouns in STAGES.items():
        parts.append(f"## {stage}\n")
        for noun in nouns:
            parts += _help(root, [noun])
    return "\n".join(parts)


def _help(root: click.Group, path: list[str]) -> Iterator[str]:
    printed = CliRunner().invoke(root, [*path, "--help"], prog_name="superbill", terminal_width=100)
    yield f"### superbill {' '.join(path)}\n\n```text\n{printed.output.rstrip()}\n```\n"
    command: Any = root
    for name in path:
        command = command.get_command(click.Context(command), name)
    if isinstance(command, click.Group):
        for verb in sorted(command.commands):
            yield from _help(root, [*path, verb])


def site_file() -> str:
    """The fields of a site file."""
    from superbill.claims.model import Address, Contact
    from superbill.site import model, policy, statement_policy

    return _fields(
        "site",
        {
            "The file itself": model.Site,
            "`[practice]`": model.Practice,
            "`[trading]`": model.Trading,
            "`[[providers]]`": model.RenderingProvider,
            "`[[locations]]`": model.Location,
            "`[[facilities]]`": model.Facility,
            "`[[payers]]`": model.PayerEntry,
            "`[[payers.appeal_levels]]`": model.AppealLevel,
            "`[[assignments]]`": model.CoverageAssignment,
            "`[[hints]]`": model.PayerHint,
            "`[[enrolments]]`": model.EnrolmentEntry,
            "`[coding]`": model.Policy,
            "`[money]`": policy.MoneyPolicy,
            "`[[money.dunning]]`": policy.DunningLevel,
            "`[money.statement]`": statement_policy.StatementPolicy,
            "`[money.statement.assistance]`": statement_policy.AssistancePolicy,
            "`address`, `pay_to`": Address,
            "`contact`": Contact,
        },
    )


def payers_file() -> str:
    """The fields of a file of simulated payers."""
    from superbill.payer import config
    from superbill.pricing.benefits import Benefits

    return _fields(
        "payers",
        {
            "The file itself": config.Payers,
            "`[[payers]]`": config.PayerConfig,
            "`[payers.rates]`": config.Rates,
            "`[[payers.plans]]`": config.Plan,
            "`[payers.plans.benefits]`": Benefits,
            "`[[payers.plans.changes]]`": config.Step,
            "`[[payers.members]]`": config.Member,
        },
    )


def contract_file() -> str:
    """The fields of a contract file."""
    from superbill.pricing import contract_model as model

    pays = {f"`pays`, method `{kind.__struct_config__.tag}`": kind for kind in get_args(model.Method)}
    return _fields(
        "contract",
        {
            "The file itself": model.Agreement,
            "`[[terms]]`": model.Term,
            "`scope`": model.Scope,
            **pays,
            "`[[modifiers]]`": model.ModifierRule,
            "`[[reductions]]`": model.Reduction,
            "`[[stop_loss]]`": model.StopLoss,
        },
    )


def _fields(part: str, structs: dict[str, type[msgspec.Struct]]) -> str:
    """A table per struct. Raises ValueError for a field without a description, or one described that is gone."""
    words: dict[str, dict[str, str]] = tomllib.loads(FIELDS.read_text("utf-8"))[part]
    parts = []
    for title, struct in structs.items():
        known = words.get(struct.__name__, {})
        fields = msgspec.structs.fields(struct)
        if off := {field.name for field in fields} ^ set(known):
            raise ValueError(f"{FIELDS.name}: {part}.{struct.__name__}: {sorted(off)} described or there, not both")
        hints = get_type_hints(struct)
        rows = [(code(f.name), type_name(hints[f.name]), _default(f), known[f.name]) for f in fields]
        parts.append(f"## {title}\n\n{table(('field', 'type', 'default', 'what'), rows)}\n")
    return "\n".join(parts)


def _default(field: Any) -> str:
    if field.required:
        return "required"
    value = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    if isinstance(value, msgspec.Struct):
        return "its defaults"
    if isinstance(value, tuple) and value and isinstance(value[0], msgspec.Struct):
        return "one with its defaults" if len(value) == 1 else f"{len(value)} of them"
    return {"": "empty", "None": "none", "()": "none", "{}": "none", "True": "true", "False": "false"}.get(
        str(value), code(str(value))
    )


_NAMES = {
    "str": "text", "int": "whole number", "Decimal": "decimal text", "date": "date", "bool": "true or false",
    "Any": "value", "NoneType": "none",
}  # fmt: skip


def type_name(hint: Any) -> str:
    """A type in the words of someone who writes TOML."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return ", ".join(code(str(one)) for one in arguments)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(type_name(one) for one in arguments if one is not type(None)))
    if origin is tuple:
        return f"list of {type_name(arguments[0])}".replace("of table", "of tables").replace("of text", "of texts")
    if origin is dict:
        return f"table of {type_name(arguments[1])}"
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return "table"
    name = getattr(hint, "__name__", str(hint))
    return _NAMES.get(name, name)


def edits() -> str:
    """Every rule, by family."""
    parts = []
    for family in FAMILIES:
        name = family.__name__.rpartition(".")[2]
        rows = [
            (code(rule.id), rule.severity.value, rule.title, _origin(rule))
            for rule in RULES.values()
            if rule.family == name
        ]
        about = " ".join((family.__doc__ or "").split())
        parts.append(
            f"## {name}\n\n{about}\n\n{table(('rule', 'severity', 'what it holds to', 'source'), _tidy(rows))}\n"
        )
    return f"{len(RULES)} rules in {len(FAMILIES)} families.\n\n" + "\n".join(parts)


def _origin(rule: Rule) -> str:
    """A rule's source, and what limits it: the days, the forms, the payers."""
    limits = [f"services since {rule.since.isoformat()}"] if rule.since else []
    limits += [f"services until {rule.until.isoformat()}"] if rule.until else []
    limits += [f"{' and '.join(rule.forms)} claims"] if rule.forms != ANY_FORM else []
    limits += [" and ".join(rule.payers).replace("_", " ")] if rule.payers else []
    return rule.source + (f" ({'; '.join(limits)})" if limits else "")


def _tidy(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    return [[" ".join(cell.split()) for cell in row] for row in rows]


def findings() -> str:
    """Every rule id that stands in the source outside the edits, with the room that says it."""
    from tools.docs_findings import rows

    return table(("rule", "room", "severity"), [(code(rule), room, severity) for rule, room, severity in rows()])


def adjustment_reasons() -> str:
    """Every CARC on file and what becomes of its money."""
    rows = [(one.code, one.handling.replace("_", " "), one.meaning) for one in all_reasons().values()]
    return f"{len(rows)} codes.\n\n" + table(("CARC", "becomes", "meaning, in our words"), rows)


def places_of_service() -> str:
    """Every place of service."""
    return table(
        ("code", "place, in our words", "facility rate"),
        [(one.code, one.name, "yes" if one.facility else "no") for one in all_places().values()],
    )


def crosswalk() -> str:
    """How much is mapped, and how surely."""
    conditions, procedures = crosswalk_.conditions().values(), crosswalk_.procedures().values()
    billable = [one for one in procedures if one.code]
    rows = [
        ("conditions (SNOMED CT)", *_sure(conditions), f"{sum(one.use == 'none' for one in conditions)} have no code"),
        (
            "procedures (SNOMED CT)",
            *_sure(procedures),
            f"{len(procedures) - len(billable)} are not separately billable",
        ),
        ("vaccines (CVX)", str(len(crosswalk_.vaccines())), "", "", "", "no confidence given"),
        (
            "codes with dates of their own",
            str(len(crosswalk_.code_dates())),
            "",
            "",
            "",
            f"{sum(bool(one.before) for one in crosswalk_.code_dates().values())} name the code before",
        ),
        ("codes that can come onto a claim", str(len(crosswalk_.all_billing_codes())), "", "", "", "CPT and HCPCS"),
    ]
    heads = ("what", "rows", "high", "medium", "low", "of these")
    return f"Release `{crosswalk_.RELEASE}`.\n\n" + table(heads, rows)


def _sure(mapped: Iterable[Any]) -> tuple[str, str, str, str]:
    counts = Counter(one.confidence for one in mapped)
    return str(counts.total()), str(counts["high"]), str(counts["medium"]), str(counts["low"])
