"""The explanation of benefits behind a paper claim: an earlier payer's 835 as pages that a later payer can read."""

from superbill.forms.eob.pdf import Explained, behind, render

__all__ = ["Explained", "behind", "render"]
