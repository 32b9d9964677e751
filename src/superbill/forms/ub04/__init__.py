"""The UB-04 as PDF: its locators on a page of our own drawing."""

from superbill.forms.ub04.pdf import findings, render

__all__ = ["findings", "render"]
