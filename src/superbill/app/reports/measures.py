"""Key figures as data: what each says, its formula in words, when a month's figure can still change, and its source.

Where a definition is that of a Healthcare Financial Management Association MAP Key, `source` says so; where the field
has several, it says which one this is.
"""

from typing import Literal

from msgspec import Struct

Unit = Literal["share", "days", "cents"]
Part = Literal["month", "payer", "provider", "code"]
_ALL: tuple[Part, ...] = ("month", "payer", "provider", "code")
_CLAIMS: tuple[Part, ...] = ("month", "payer", "provider")


class Measure(Struct, frozen=True, kw_only=True):
    """One key figure: `numerator` over `denominator`, both in words.

    `month` is what puts a case into a month, `changes` when that month's figure can still change, "" never. `by` are
    the parts that it can be asked for; `payer` says whose a case is. `better` is the direction that a manager wants.
    `standing`: it is taken at the end of a month, and over several months it is that of the last.
    """

    key: str
    name: str
    numerator: str
    denominator: str
    month: str
    unit: Unit = "share"
    by: tuple[Part, ...] = _ALL
    payer: str = "the payer first billed for the line"
    better: Literal["higher", "lower"] = "lower"
    standing: bool = False
    changes: str = ""
    source: str = ""


_POSTED = "the day of the journal entry"
_SENT = "the day on which its batch was made"
_BILLED = "the payer that the claim was sent to"
_BACKDATED = "only by entries that are dated back into the month, as long as it is not closed"

MEASURES: tuple[Measure, ...] = (
    Measure(
        key="clean-claims",
        name="Clean-claim rate",
        numerator="claims that no edit had held, that nobody overrode an edit for, and that no 999 or 277CA rejected",
        denominator="claims sent",
        month=_SENT,
        by=_CLAIMS,
        payer=_BILLED,
        better="higher",
        changes="until the last 999 or 277CA for its claims is in",
        source="HFMA MAP Key Clean Claim Rate, with rejections by the payer's front end counted as unclean too",
    ),
    Measure(
        key="first-pass",
        name="First-pass resolution",
        numerator="claims whose first submission was never rejected and whose first answer refused nothing",
        denominator="first submissions (frequency 1, replacing nothing) with a first answer",
        month="the payment date of the first answer",
        by=_CLAIMS,
        payer=_BILLED,
        better="higher",
        source="first-pass resolution rate as practices count it: resolved without rework, whoever then owes",
    ),
    Measure(
        key="rejected-claims",
        name="Rejection rate, claims",
        numerator="claims that a 999 or 277CA rejected",
        denominator="claims sent",
        month=_SENT,
        by=_CLAIMS,
        payer=_BILLED,
        changes="until the last 999 or 277CA for its claims is in",
    ),
    Measure(
        key="rejected-dollars",
        name="Rejection rate, dollars",
        numerator="charges of the claims that a 999 or 277CA rejected",
        denominator="charges of the claims sent",
        month=_SENT,
        by=_CLAIMS,
        payer=_BILLED,
        changes="until the last 999 or 277CA for its claims is in",
    ),
    Measure(
        key="denied-claims",
        name="Denial rate, claims",
        numerator="answers that refused a claim or a part of it",
        denominator="answers to claims (835) that paid, refused or settled them",
        month="the payment date of the answer",
        by=_CLAIMS,
        payer=_BILLED,
        source="HFMA MAP Key Remittance Denial Rate, zero pay and partial pay together",
    ),
    Measure(
        key="denied-dollars",
        name="Denial rate, dollars",
        payer="the payer who answered",
        numerator="what payers' answers moved to the refused balance",
        denominator="what payers' answers decided: paid, adjusted, refused or left to the next payer or the patient",
        month=_POSTED,
        changes=_BACKDATED,
    ),
    Measure(
        key="days-in-ar",
        name="Days in A/R",
        numerator="open balances at the end of the month, credit balances left out",
        denominator="charges of the 90 days up to then (since the first charge, if that is less) by those days",
        month="its last day",
        standing=True,
        unit="days",
        changes=_BACKDATED,
        source="gross days in receivables; the HFMA MAP Key Net Days in Accounts Receivable has net amounts",
    ),
    Measure(
        key="ar-over-90",
        name="A/R over 90 days",
        payer="who holds the balance",
        numerator="open balances more than 90 days after the service at the end of the month",
        denominator="open balances at the end of the month, credit balances left out of both",
        month="its last day",
        standing=True,
        changes=_BACKDATED,
        source="HFMA MAP Key Aged A/R as a Percentage of Total A/R, counted from the first day of the service",
    ),
    Measure(
        key="net-collection",
        name="Net collection rate",
        numerator="payments put to charge lines in the month, refunds taken off",
        denominator="charges less contractual adjustments posted in the month",
        month=_POSTED,
        better="higher",
        changes=_BACKDATED,
        source="by month of posting; see net-collection-of-services for the same by month of service",
    ),
    Measure(
        key="net-collection-of-services",
        name="Net collection rate of the month's services",
        numerator="payments put to the lines of services of the month, up to today",
        denominator="their charges less their contractual adjustments, up to today",
        month="the first day of the service",
        better="higher",
        changes="with every payment and adjustment for its services",
    ),
    Measure(
        key="gross-collection",
        name="Gross collection rate",
        numerator="payments put to charge lines in the month, refunds taken off",
        denominator="charges posted in the month",
        month=_POSTED,
        better="higher",
        changes=_BACKDATED,
    ),
    Measure(
        key="charge-lag",
        name="Charge lag",
        numerator="days from the first day of the service to the charge",
        denominator="lines charged",
        month=_POSTED,
        unit="days",
        changes=_BACKDATED,
    ),
    Measure(
        key="days-to-pay",
        name="Days to pay",
        numerator="days from the batch to the first answer",
        denominator="claims with a first answer",
        month="the payment date of the first answer",
        unit="days",
        by=_CLAIMS,
        payer=_BILLED,
    ),
    Measure(
        key="appeals-won",
        name="Appeal overturn, appeals",
        numerator="decisions that gave us all or a part of what was in dispute",
        denominator="decisions on appeals",
        month="the day of the decision",
        by=_CLAIMS,
        payer="the payer appealed to",
        better="higher",
        source="by decision, not by claim: each level decided counts",
    ),
    Measure(
        key="underpaid",
        name="Underpayment",
        numerator="what payers allowed short of their contracts on lines that they paid",
        denominator="what the contracts say for the lines that could be compared",
        month="the first day of the service",
        by=("month", "payer"),
        payer="the payer who answered",
        changes="with every answer to its claims, and with the contracts on file",
        source="the comparison that superbill variance shows line by line; it needs the site's contracts",
    ),
    Measure(
        key="bad-debt",
        name="Bad debt",
        numerator="posted to bad debt, recoveries taken off",
        denominator="charges posted in the month",
        month=_POSTED,
        changes=_BACKDATED,
        source="HFMA MAP Key Bad Debt",
    ),
    Measure(
        key="charity",
        name="Charity care",
        numerator="posted to charity",
        denominator="charges posted in the month",
        month=_POSTED,
        changes=_BACKDATED,
        source="HFMA MAP Key Charity Care",
    ),
    Measure(
        key="cost-to-collect",
        name="Cost to collect",
        numerator="cost of the revenue cycle in the month, as the manager put it in",
        denominator="cash posted in the month: deposits and patients' payments, refunds taken off",
        month="the month of the cost, and the day of the journal entry",
        by=("month",),
        changes="when the cost is put in anew; otherwise " + _BACKDATED,
        source="HFMA MAP Key Cost to Collect",
    ),
    Measure(
        key="point-of-service",
        name="Point-of-service collection",
        numerator="patients' payments taken up to the day of the service that they pay for",
        denominator="patients' payments, payments that came back taken off",
        month=_POSTED,
        by=("month", "provider", "code"),
        better="higher",
        changes=_BACKDATED,
        source="HFMA MAP Key Point-of-Service Cash Collections, with the day of the service as the limit",
    ),
)
BY_KEY = {measure.key: measure for measure in MEASURES}
