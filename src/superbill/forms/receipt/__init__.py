"""A receipt for a patient's payment, as a tagged PDF."""

from superbill.forms.receipt.model import Applied, ReceiptData
from superbill.forms.receipt.pdf import render

__all__ = ["Applied", "ReceiptData", "render"]
