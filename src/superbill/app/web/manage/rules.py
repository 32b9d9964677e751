"""Rules: the edits that claims are held to, payers' packs, and what a pack would have done to past claims."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from superbill.app.accounts.permissions import Permission
from superbill.app.path.past import past
from superbill.app.reports.breakdown import rule_totals
from superbill.app.rules.actions import activate_pack, retire_pack
from superbill.app.rules.queries import latest
from superbill.app.rules.queries import packs as rows_of
from superbill.app.web.desk import Desk, desk, now, show
from superbill.app.web.forms import Form, attempt
from superbill.app.web.manage.first import tabs
from superbill.app.web.notices import tell
from superbill.app.web.sites import session
from superbill.edits import RULES
from superbill.packs import Pack, PackError, Replay, compiled, propose, read_pack, replay
from superbill.packs.writing import write_pack

MANAGE = Permission.MANAGE_RULES
LARGEST = 200_000  # characters of a pack


class PackForm(Form):
    """A pack as text, typed or from a file; what was read is tried before it may count."""

    file = forms.FileField(label=_("Pack file (YAML)"), required=False)
    text = forms.CharField(
        label=_("or its text"),
        required=False,
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 14, "class": "code", "spellcheck": "false"}),
    )

    def pack(self) -> Pack | None:
        """The pack given; None with every problem told in the form."""
        text, name = self.cleaned_data["text"], "pack"
        given = self.cleaned_data["file"]
        if given is not None:
            if given.size > LARGEST:
                self.refuse(say("A pack has at most 200,000 characters."), "file")
                return None
            try:
                text, name = given.read().decode("utf-8"), given.name
            except UnicodeDecodeError:
                self.refuse(say("This is not UTF-8 text. Save it as UTF-8."), "file")
                return None
        if not text.strip():
            self.refuse(say("Choose a file or write a pack."), "file")
            return None
        try:
            return read_pack(text, name)
        except PackError as told:
            for problem in told.problems:
                self.refuse(str(problem), "text")
            return None


@desk(MANAGE)
def rules(request: HttpRequest, at: Desk) -> HttpResponse:
    """Packs at work and retired, what denials suggest, and every family of edits with what it found."""
    found = {one.rule: one for one in rule_totals(at.scope)}
    families: dict[str, list[int]] = {}
    for rule in RULES.values():
        counts = families.setdefault(rule.family, [0, 0])
        counts[0] += 1
        counts[1] += found[rule.id].count if rule.id in found else 0
    return show(
        request,
        at,
        "manage/rules",
        "manage",
        tabs=tabs(at),
        tab="rules",
        packs=rows_of(at.scope),
        families=sorted(families.items()),
        titles={rule.id: rule.title for rule in RULES.values()},
        found=sorted(found.values(), key=lambda one: -one.count)[:40],
        proposals=propose(past(session(at))),
        form=PackForm(),
    )


@desk(MANAGE)
def pack(request: HttpRequest, at: Desk, name: str) -> HttpResponse:
    """One pack as it was last activated, with its rules."""
    row = latest(at.scope, name)
    if row is None:
        raise Http404
    read = read_pack(row.text, name) if row.text else None
    return show(request, at, "manage/pack", "manage", tabs=tabs(at), tab="rules", row=row, pack=read)


@desk(MANAGE, methods=("POST",))
def attempt_pack(request: HttpRequest, at: Desk) -> HttpResponse:
    """Try a pack on all claims that were sent; `do` activates what was tried, or retires a pack by its name."""
    if request.POST.get("do") == "retire":
        retire_pack(at.actor, request.POST.get("name", ""), at=now())
        tell(request, say("The pack no longer counts; its versions stay on record."))
        return redirect("rules", at.practice.key)
    form = PackForm(request.POST, request.FILES)
    given = form.pack() if form.is_valid() else None
    if given is None:
        return _tried(request, at, form, None, None, status=422)
    said = replay(compiled(given), past(session(at)))
    if request.POST.get("do") == "activate":
        with attempt(form):
            activate_pack(at.actor, given, said, at=now())
            tell(request, say("The pack counts from now on. Claims are checked with it from the next check."))
            return redirect("pack", at.practice.key, given.name)
        return _tried(request, at, form, given, said, status=422)
    return _tried(request, at, PackForm(initial={"text": write_pack(given)}), given, said)


def _tried(
    request: HttpRequest, at: Desk, form: PackForm, given: Pack | None, said: Replay | None, *, status: int = 200
) -> HttpResponse:
    what = {"tabs": tabs(at), "tab": "rules", "form": form, "pack": given, "said": said}
    return show(request, at, "manage/tried", "manage", status=status, **what)
