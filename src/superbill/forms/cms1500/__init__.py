"""CMS-1500 (02/12) as PDF: data on the form's print grid, with or without a drawn grid for viewing."""

from superbill.forms.cms1500.grid import COLUMNS, LINES, Place, UnknownBox, places
from superbill.forms.cms1500.pdf import PrinterOffset, findings, render

__all__ = ["COLUMNS", "LINES", "Place", "PrinterOffset", "UnknownBox", "findings", "places", "render"]
