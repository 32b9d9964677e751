"""Our own crosswalk from the codes of a chart to the codes of a bill."""

from superbill.codesets.crosswalk.lookup import all_billing_codes

__all__ = ["all_billing_codes"]
