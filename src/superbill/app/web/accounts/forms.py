"""Forms about money: line by line where a deed is, with the reasons and people that fit."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from superbill.app.web.accounts.queries_subjects import OpenLine
from superbill.app.web.forms import DayField, Form, MoneyField
from superbill.money import Cents

FIRST = {"data-focus": ""}


class LinesForm(Form):
    """A form with an amount for each line; `offered` are the lines, `most` what each may take; `hint` stands above."""

    hint = ""

    def __init__(self, *given: Any, offered: Iterable[tuple[OpenLine, Cents]] = (), **named: Any) -> None:
        super().__init__(*given, **named)
        self.offered = list(offered)
        for line, _most in self.offered:
            self.fields[f"line-{line.key}"] = MoneyField(label=line.key, required=False)

    def rows(self) -> Iterator[tuple[OpenLine, Cents, Any]]:
        """Each line with what it may take and its field."""
        for line, most in self.offered:
            yield line, most, self[f"line-{line.key}"]

    def others(self) -> list[Any]:
        """The fields that are of no line."""
        return [self[name] for name in self.fields if not name.startswith("line-")]

    @property
    def by_line(self) -> dict[str, Cents]:
        """What was asked for, by line."""
        amounts = {line.key: self.cleaned_data.get(f"line-{line.key}") for line, _most in self.offered}
        return {key: amount for key, amount in amounts.items() if amount}

    @property
    def parts(self) -> tuple[tuple[str, Cents], ...]:
        """The same, as actions take it."""
        return tuple(self.by_line.items())


def text(
    label: Any, *, most: int = 300, needed: bool = True, long: bool = False, first: bool = False
) -> forms.CharField:
    """Words; `long` in an area of their own."""
    attrs = {**(FIRST if first else {}), **({"rows": 3} if long else {})}
    widget = forms.Textarea(attrs=attrs) if long else forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, max_length=most, required=needed, widget=widget)


def choice(
    label: Any, choices: Iterable[tuple[str, Any]], *, needed: bool = True, first: bool = False
) -> forms.ChoiceField:
    """One of a few."""
    return forms.ChoiceField(
        label=label, choices=list(choices), required=needed, widget=forms.Select(attrs=FIRST if first else {})
    )


def money(label: Any, *, needed: bool = True, first: bool = False, help_text: Any = "") -> MoneyField:
    """Dollars."""
    attrs = {"inputmode": "decimal", "class": "money", **(FIRST if first else {})}
    return MoneyField(label=label, required=needed, widget=forms.TextInput(attrs=attrs), help_text=help_text)


def day(label: Any, *, needed: bool = True) -> DayField:
    """A day."""
    return DayField(label=label, required=needed)


def check(label: Any, help_text: Any = "") -> forms.BooleanField:
    """Yes or no."""
    return forms.BooleanField(label=label, required=False, help_text=help_text)


def made(
    fields: dict[str, Any], data: Any, *, offered: Iterable[tuple[OpenLine, Cents]] = (), **initial: Any
) -> LinesForm:
    """A form of these fields."""
    kind = type("DeedForm", (LinesForm,), dict(fields))
    form: LinesForm = kind(data, offered=offered, initial=initial)
    return form


REASON = _("Reason")


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, None while it is only asked."""
    return request.POST if request.method == "POST" else None
