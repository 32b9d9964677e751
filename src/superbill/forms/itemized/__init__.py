"""An itemized bill: every service with code, units, diagnoses and what became of its charge, as a tagged PDF."""

from superbill.forms.itemized.model import ItemizedBill, ItemizedLine, ItemizedVisit
from superbill.forms.itemized.pdf import render

__all__ = ["ItemizedBill", "ItemizedLine", "ItemizedVisit", "render"]
