"""Every column that says whose a row is stands in the list of what a merge does: a new one fails here until it does."""

import re

from django.apps import apps
from django.db.models import BigIntegerField, CharField, ForeignKey, IntegerField

from superbill.app.base import PracticeRow
from superbill.app.guarantors.models import Guarantor
from superbill.app.patients.merge_keys import MOVING, STAYING
from superbill.app.patients.models import PatientRow

NAMED = re.compile(r"patient|guarantor|party|payer$|merged|person")
NOBODY = {  # names that say so of no row: amounts, shares, names of insurers
    "billing.LineBalance.patient", "billing.LineBalance.patient_paid", "billing.LineBalance.payer",
    "claims.ClaimRow.patient_name", "eobs.EobRow.payer", "reports.Spell.payer", "worklists.WorkItem.payer",
    "deposits.DepositItem.payer", "denials.DenialStep.payer", "billing.VisitBalance.patient",
}  # fmt: skip


def keys():
    """Label and column of all that names a patient or a guarantor, or might."""
    for model in apps.get_models():
        if not issubclass(model, PracticeRow):
            continue
        for field in model._meta.concrete_fields:
            name = f"{model._meta.label}.{field.name}"
            if isinstance(field, ForeignKey):
                if field.related_model in (PatientRow, Guarantor):
                    yield name
            elif isinstance(field, BigIntegerField | IntegerField | CharField) and NAMED.search(field.name):
                yield name


def listed():
    moving = {f"{key.model._meta.label}.{key.column.removesuffix('_id')}" for key in MOVING.values()}
    staying = {f"{model._meta.label}.{column}" for model, column in STAYING}
    return moving, staying


def test_a_merge_knows_every_column_that_says_whose_a_row_is():
    moving, staying = listed()
    assert set(keys()) - NOBODY - moving - staying == set()
    assert (moving | staying) - set(keys()) == set()


def test_what_moves_and_what_stays_are_two_things():
    moving, staying = listed()
    assert moving & staying == set()
    assert all(why for why in STAYING.values())
