"""Reads a pack from YAML. Every mistake is told with file, line and key, all of them at once.

pack: buckeye
version: 2
about: What Buckeye Mutual asks for beyond the guides.
source: Buckeye provider manual 2026, chapter 7
applies: {field: payer, is: BKM01}
rules:
  - id: therapy-authorization
    severity: error
    since: 2026-01-01
    when:
      all:
        - {field: line.code, in: [97110-97140]}
        - {field: prior_authorization, missing: true}
    say: "{line.code} needs an authorization."
    fix: Ask for it on the payer's portal.
    where: prior_authorization
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, get_args

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from superbill.claims.model import ClaimKind
from superbill.money import MoneyError, parse_dollars
from superbill.packs.fields import FIELDS, OPERATORS, Kind
from superbill.packs.model import AllOf, AnyOf, Condition, NotOf, Operator, Pack, PackError, PackRule, Test

_NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")
_BRACES = re.compile(r"\{([^}]*)\}")
_SEVERITIES = ("error", "warning", "information")
_OF_PACK = ("pack", "version", "about", "source", "applies", "rules")
_OF_RULE = ("id", "severity", "when", "say", "fix", "where", "source", "why", "since", "until", "forms")
_NEEDED = ("id", "when", "say", "fix")
_DEEPEST = 20


def read_pack(text: str, name: str = "pack.yaml") -> Pack:
    """The pack that a YAML text describes. Raises PackError with every problem found."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        place = f"{name}:{mark.line + 1}" if mark else name
        raise PackError((f"{place}: not YAML: {getattr(problem, 'problem', problem)}.",)) from None
    except RecursionError:
        raise PackError((f"{name}: nested too deep.",)) from None
    reader = _Reader(name)
    pack = reader.pack(root, text) if root is not None else None
    if pack is None and not reader.problems:
        raise PackError((f"{name}: is empty. Begin with pack: and a name.",))
    if reader.problems or pack is None:
        raise PackError(tuple(reader.problems))
    return pack


class _Reader:
    """Reads nodes and collects what is wrong."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[str] = []

    def wrong(self, node: Node, key: str, message: str) -> None:
        """Note a problem at a node."""
        self.problems.append(f"{self.name}:{node.start_mark.line + 1}: {key}: {message}")

    def mapping(self, node: Node, key: str, known: tuple[str, ...]) -> dict[str, Node]:
        """The keys of a mapping with their nodes; unknown and repeated ones are problems."""
        if not isinstance(node, MappingNode):
            self.wrong(node, key, f"has to have keys ({', '.join(known[:4])} …).")
            return {}
        found: dict[str, Node] = {}
        for name, value in node.value:
            text = str(name.value)
            if text not in known:
                near = get_close_matches(text, known, 1)
                hint = f" Did you mean {near[0]}?" if near else f" Known are {', '.join(known)}."
                self.wrong(name, text, f"is no key of {key}.{hint}")
            elif text in found:
                self.wrong(name, text, "stands twice.")
            found[text] = value
        return {text: value for text, value in found.items() if text in known}

    def text(self, node: Node, key: str) -> str:
        """A scalar as it is written."""
        if isinstance(node, ScalarNode) and str(node.value).strip():
            return str(node.value).strip()
        self.wrong(node, key, "has to be a text.")
        return ""

    def listed(self, node: Node, key: str) -> list[Node]:
        """The items of a list."""
        if isinstance(node, SequenceNode) and node.value:
            return list(node.value)
        self.wrong(node, key, "has to be a list with something in it.")
        return []

    def day(self, node: Node | None, key: str) -> date | None:
        """A day like 2026-01-31."""
        if node is None:
            return None
        try:
            return date.fromisoformat(str(node.value))
        except ValueError:
            self.wrong(node, key, f"{node.value!r} is not a day like 2026-01-31.")
            return None

    def choice(self, node: Node, key: str, known: tuple[str, ...]) -> str:
        """One of several words."""
        text = self.text(node, key)
        if text and text not in known:
            self.wrong(node, key, f"{text!r} is none of {', '.join(known)}.")
        return text

    def named(self, node: Node, key: str) -> str:
        """A name of small letters, digits and hyphens."""
        text = self.text(node, key)
        if text and not _NAME.fullmatch(text):
            self.wrong(node, key, f"{text!r} is no name: 2 to 40 small letters, digits and hyphens, a letter first.")
        return text

    def pack(self, root: Node, text: str) -> Pack | None:
        """The whole document."""
        keys = self.mapping(root, "the pack", _OF_PACK)
        for needed in ("pack", "version", "rules"):
            if needed not in keys:
                self.wrong(root, needed, "is missing.")
        if self.problems:
            return None
        version = self.text(keys["version"], "version")
        if not (version.isdecimal() and 0 < int(version) < 1_000_000):
            self.wrong(keys["version"], "version", f"{version!r} is not a number from 1 on.")
        rules = [self.rule(node) for node in self.listed(keys["rules"], "rules")]
        self._once(keys["rules"], [one.id for one in rules if one])
        applies = self.condition(keys["applies"], "applies") if "applies" in keys else None
        name = self.named(keys["pack"], "pack")
        about = {key: self.text(keys[key], key) for key in ("about", "source") if key in keys}
        if self.problems:
            return None
        return Pack(
            name=name, version=int(version), applies=applies, rules=tuple(filter(None, rules)), text=text, **about
        )  # fmt: skip

    def _once(self, node: Node, ids: list[str]) -> None:
        for twice in sorted({one for one in ids if ids.count(one) > 1}):
            self.wrong(node, twice, "two rules have this id.")

    def rule(self, node: Node) -> PackRule | None:
        """One rule."""
        before = len(self.problems)
        keys = self.mapping(node, "a rule", _OF_RULE)
        for needed in _NEEDED:
            if needed not in keys:
                self.wrong(node, needed, "is missing.")
        if len(self.problems) > before:
            return None
        forms = [self.choice(each, "forms", get_args(ClaimKind)) for each in self.listed(keys["forms"], "forms")] if (
            "forms" in keys
        ) else []  # fmt: skip
        words = {key: self.text(keys[key], key) for key in ("say", "fix", "where", "source", "why") if key in keys}
        self._braces(keys["say"], words["say"])
        since, until = self.day(keys.get("since"), "since"), self.day(keys.get("until"), "until")
        if since and until and until < since:
            self.wrong(keys["until"], "until", f"{until} is before since, {since}.")
        severity = self.choice(keys["severity"], "severity", _SEVERITIES) if "severity" in keys else "error"
        rule_id = self.named(keys["id"], "id")
        when = self.condition(keys["when"], "when")
        if len(self.problems) > before or when is None:
            return None
        return PackRule(
            id=rule_id, severity=severity, when=when, since=since, until=until, forms=tuple(forms), **words  # type: ignore[arg-type]  # choice saw that they are of the words
        )  # fmt: skip

    def _braces(self, node: Node, say: str) -> None:
        for name in _BRACES.findall(say):
            if name not in FIELDS:
                self.wrong(node, "say", f"{{{name}}} is no field.{_near(name)}")

    def condition(self, node: Node, key: str, depth: int = 0) -> Condition | None:
        """A condition: all, any or not of others, or one test of one field."""
        if depth > _DEEPEST or not isinstance(node, MappingNode):
            self.wrong(node, key, "has to be all:, any:, not: or a test such as {field: line.code, is: 99213}.")
            return None
        names = [str(name.value) for name, _ in node.value]
        if len(names) == 1 and names[0] in ("all", "any", "not"):
            inside = node.value[0][1]
            if names[0] == "not":
                part = self.condition(inside, "not", depth + 1)
                return NotOf(part) if part is not None else None
            parts = [self.condition(each, names[0], depth + 1) for each in self.listed(inside, names[0])]
            kept = tuple(part for part in parts if part is not None)
            return (AllOf(kept) if names[0] == "all" else AnyOf(kept)) if kept else None
        return self.test(node, key)

    def test(self, node: Node, key: str) -> Test | None:
        """{field: NAME, OPERATOR: VALUE}."""
        keys = {str(name.value): value for name, value in node.value}
        if "field" not in keys or len(keys) != 2:
            self.wrong(node, key, "a test has field: and one operator, such as {field: line.units, above: 4}.")
            return None
        name = self.text(keys.pop("field"), "field")
        ((operator, value),) = keys.items()
        field = FIELDS.get(name)
        if field is None:
            self.wrong(node, "field", f"{name!r} is no field of a claim.{_near(name)}")
            return None
        if operator not in OPERATORS[field.kind]:
            fits = ", ".join(OPERATORS[field.kind])
            self.wrong(node, operator, f"does not fit {name}, which is a {field.kind}. What fits: {fits}.")
            return None
        before = len(self.problems)
        read = self.value(value, field.kind, operator)
        return None if len(self.problems) > before else Test(name, _operator(operator), read)

    def value(self, node: Node, kind: Kind, operator: str) -> Any:
        """The value of a test, of its field's kind."""
        if operator in ("present", "missing"):
            if str(node.value).lower() != "true":
                self.wrong(node, operator, "takes true.")
            return None
        if operator in ("in", "not in"):
            return tuple(self._entry(each, kind, operator) for each in self.listed(node, operator))
        text = self.text(node, operator)
        try:
            if kind == "number":
                return Decimal(text)
            if kind == "money":
                return parse_dollars(text)
            if kind == "day":
                return date.fromisoformat(text)
        except (InvalidOperation, MoneyError, ValueError):
            what = {"number": "a number", "money": "an amount like 120.00", "day": "a day like 2026-01-31"}[kind]
            self.wrong(node, operator, f"{text!r} is not {what}.")
        return text.replace(".", "") if kind in ("code", "codes") else text

    def _entry(self, node: Node, kind: Kind, operator: str) -> str:
        text = self.text(node, operator)
        if kind not in ("code", "codes"):
            return text
        first, dash, last = text.replace(".", "").partition("-")
        if dash and (len(first) != len(last) or last < first):
            self.wrong(
                node, operator, f"{text!r} is no range of codes: both ends as long, the first not after the last."
            )
        return first + dash + last


def _operator(word: str) -> Operator:
    return next(each for each in get_args(Operator) if each == word)


def _near(name: str) -> str:
    near = get_close_matches(name, FIELDS, 3)
    return f" Near: {', '.join(near)}." if near else " superbill rules fields lists them."
