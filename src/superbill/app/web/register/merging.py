"""Two records side by side, what a merge would move, the merge, and its undoing."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.accounts.permissions import Permission
from superbill.app.patients.likeness import compared
from superbill.app.patients.merging import merge_patients, preview_merge, undo_merge
from superbill.app.web.desk import CHARTS, LEDGER, Desk, desk, now
from superbill.app.web.forms import Form, attempt
from superbill.app.web.notices import Undo, tell
from superbill.app.web.register.patient import here, page
from superbill.app.web.register.queries import merged
from superbill.app.web.register.words import side_by_side


class MergeForm(Form):
    """Why they are one person."""

    reason = forms.CharField(
        label=gettext_lazy("How you know that they are one person"),
        max_length=200,
        help_text=gettext_lazy("For example: same birth date, address and card; asked the patient."),
    )


@desk(CHARTS, LEDGER, Permission.MERGE_PATIENTS, methods=("GET", "HEAD", "POST"))
def merge(request: HttpRequest, at: Desk, patient: int, other: int) -> HttpResponse:
    """Merge the record `other` into the record `patient`."""
    kept, gone = here(at, patient), here(at, other)
    if patient == other or kept.merged_into or gone.merged_into:
        raise Http404
    form = MergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            row = merge_patients(at.actor, patient, other, form.cleaned_data["reason"], at=now())
            back = Undo(reverse("merge-undo", args=(at.practice.key, row)), label=_("Undo the merge"))
            tell(request, _("Merged. Everything is with this record."), undo=back)
            return redirect("patient", at.practice.key, patient)
    points, why = compared(kept.chart, gone.chart)
    return page(
        request, at, "merge", kept, "patient", other=gone, form=form, why=why if points else [],
        rows=side_by_side(kept.chart, gone.chart), preview=preview_merge(at.scope, patient, other, at.today),
        status=422 if form.errors else 200,
    )  # fmt: skip


@desk(CHARTS, LEDGER, Permission.MERGE_PATIENTS, methods=("POST",))
def undo(request: HttpRequest, at: Desk, merge: int) -> HttpResponse:
    """Take two records apart again."""
    found = merged(at.scope, merge)
    if found is None:
        raise Http404
    here(at, found)
    undo_merge(at.actor, merge, at=now())
    tell(request, _("Taken apart: both records are as they were."))
    return redirect("patient", at.practice.key, found)
