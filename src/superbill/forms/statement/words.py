"""Words of statements that are data: the steps of reminding, the holds, and how to get help with a bill."""

from functools import cache
from typing import Literal, cast

from msgspec import Struct

from superbill.codesets import tables
from superbill.forms.statement.model import Assistance, Notice
from superbill.site.policy import DunningLevel
from superbill.site.statement_policy import AssistancePolicy

_GENERAL = "{amount} is past due. Please pay it by {due} or call us."


class HoldWords(Struct, frozen=True):
    """A kind of hold: whether it stops `all` statements or only that a line is asked for, and its words."""

    kind: str
    stops: Literal["all", "line"]
    words: str


@cache
def hold_words() -> dict[str, HoldWords]:
    """Every kind of hold, by its name."""
    return {
        row["kind"]: HoldWords(row["kind"], cast(Literal["all", "line"], row["stops"]), row["words"])
        for row in tables.rows(__package__, "holds.csv")
    }


@cache
def _dunning() -> dict[str, tuple[str, str]]:
    return {row["name"]: (row["title"], row["words"]) for row in tables.rows(__package__, "dunning.csv")}


def notice(level: DunningLevel, amount: str, due: str) -> Notice:
    """What a statement at this step of reminding says; the office's own words go before those on file."""
    title, words = _dunning().get(level.name, (level.name.capitalize(), _GENERAL))
    return Notice(title, (level.words or words).replace("{amount}", amount).replace("{due}", due))


def assistance(policy: AssistancePolicy) -> Assistance:
    """The notice on bills that help may be had, in plain words: who gets it, whom to call, where the policy is."""
    text = ["You may not have to pay all of this bill. We have a program that helps people who can't pay."]
    if policy.free_percent:
        text.append(f"Your care may be free if your income is at most {policy.free_percent}% of the poverty level.")
    if policy.discount_percent:
        text.append(f"It may cost less if your income is at most {policy.discount_percent}% of the poverty level.")
    text.append(f"To ask for help or get the {policy.name} and its form for free, call {policy.phone}.")
    if policy.place:
        text.append(f"You can also get them at {policy.place}.")
    if policy.web:
        text.append(f"They are on {policy.web} too.")
    return Assistance(title="Help with your bill", text=tuple(text))
