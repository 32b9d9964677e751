"""A dental claim as PDF: the items of the ADA form on a page of our own drawing."""

from superbill.forms.ada.pdf import findings, render

__all__ = ["findings", "render"]
