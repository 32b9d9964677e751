"""Asks the language model about a suggestion: the door to this room."""

import time
from collections.abc import Callable, Iterable

from msgspec.structs import replace

from superbill.coding.suggest.model import Step, SuggestedCode, SuggestedService, Suggestion
from superbill.connectors.language_model.answer import Opinion, Unreadable, parted, read
from superbill.connectors.language_model.exchange import NoAnswer, ask
from superbill.connectors.language_model.question import question, suggested
from superbill.connectors.language_model.settings import Settings, SettingsError, check
from superbill.findings import Finding, Severity, header

_WEIGHT = 0.5
"""How much a language model's word counts beside the engine's own score."""
_SAID = {"supported": 1.0, "unclear": 0.5, "unsupported": 0.0}


def review(
    suggestion: Suggestion, text: str, settings: Settings, *, sleep: Callable[[float], None] = time.sleep
) -> Suggestion:
    """The suggestion with the model's word on each code: in its way and score, and a finding where it disagrees.

    No code is added, taken away or moved in the sequence, which guidelines decide. Whatever goes wrong (settings,
    network, answer), the suggestion comes back as it was with a finding that says so. Off: unchanged.
    """
    codes = {each.code for each in suggested(suggestion)}
    if not settings.on or not codes:
        return suggestion
    try:
        check(settings)
        answer = read(ask(settings, question(suggestion, text, settings.model, settings.send), sleep))
    except SettingsError as reason:
        return _with(
            suggestion, [_finding("settings", Severity.WARNING, f"The language model was not asked: {reason}.")]
        )
    except (NoAnswer, Unreadable) as reason:
        return _with(suggestion, [_finding("no-answer", Severity.NOT_CHECKED,
                                           f"The language model gave no opinion: {reason}.")])  # fmt: skip
    opinions, unknown = parted(answer, codes)
    said = {each.code: each for each in opinions}
    findings = [*_added(unknown), *_silent(codes - said.keys()), *_doubts(opinions)]
    return _with(
        replace(
            suggestion,
            diagnoses=tuple(_weighed(each, said) for each in suggestion.diagnoses),
            procedures=tuple(_weighed(each, said) for each in suggestion.procedures),
            services=tuple(_service(each, said) for each in suggestion.services),
        ),
        findings,
    )


def _with(suggestion: Suggestion, findings: list[Finding]) -> Suggestion:
    return replace(suggestion, findings=(*suggestion.findings, *findings))


def _service(service: SuggestedService, said: dict[str, Opinion]) -> SuggestedService:
    return replace(service, code=_weighed(service.code, said))


def _weighed(code: SuggestedCode, said: dict[str, Opinion]) -> SuggestedCode:
    """The code with the opinion on it: the score moves towards what the model says, as far as it is sure."""
    opinion = said.get(code.code)
    if opinion is None:
        return code
    weight = _WEIGHT * opinion.confidence
    score = (1 - weight) * code.score + weight * _SAID[opinion.verdict]
    words = f"A language model says {opinion.verdict} ({opinion.confidence:.0%}): {opinion.words}".rstrip(": ")
    return replace(code, score=round(score, 4), way=(*code.way, Step("coding.language-model", words)))


def _added(codes: tuple[str, ...]) -> Iterable[Finding]:
    if codes:
        yield _finding(
            "added", Severity.WARNING,
            f"The language model named codes that were not suggested, left out here: {', '.join(codes)}.",
            why="A code without evidence that a person can check is not suggested.",
        )  # fmt: skip


def _silent(codes: set[str]) -> Iterable[Finding]:
    if codes:
        yield _finding(
            "silent", Severity.INFORMATION, f"The language model said nothing of {', '.join(sorted(codes))}."
        )


def _doubts(opinions: Iterable[Opinion]) -> Iterable[Finding]:
    for each in opinions:
        if each.verdict == "unsupported":
            yield _finding(
                "unsupported", Severity.WARNING, f"The language model finds {each.code} unsupported.", why=each.words,
                fix="Read the evidence; keep the code or refuse it.",
            )  # fmt: skip


def _finding(rule: str, severity: Severity, message: str, why: str = "", fix: str = "") -> Finding:
    return Finding(
        rule=f"coding.language-model.{rule}",
        severity=severity,
        where=header("diagnoses"),
        message=message,
        why=why,
        fix=fix,
    )
