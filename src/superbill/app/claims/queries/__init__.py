"""What is known of claims and files, always inside a practice's scope."""

from superbill.app.claims.queries.answers import AnswerFacts, answers_to
from superbill.app.claims.queries.explained import explanations
from superbill.app.claims.queries.files import (
    FileFacts,
    batches,
    batches_to_write,
    contents,
    files_to_finish,
    last_batch,
    received_files,
)
from superbill.app.claims.queries.next_payers import (
    NextBilling,
    NextChange,
    answers_of,
    claims_to_bill_next,
    next_billing,
    next_claims_to_correct,
    paid_out_of_turn,
    standing_of,
)
from superbill.app.claims.queries.overrides import overrides, with_overrides
from superbill.app.claims.queries.papers import Paper, papers_to_mail, print_of
from superbill.app.claims.queries.past import ByEncounter, past_claims, patients_of
from superbill.app.claims.queries.payers import payer_book, payers_known
from superbill.app.claims.queries.ready import ReadyPayer, ready_by_payer, ready_ids
from superbill.app.claims.queries.silence import (
    EventFacts,
    Refused,
    Waiting,
    claims_to_ask_about,
    events_of,
    refused_claims,
    silent_claims,
    versions_of,
)
from superbill.app.claims.queries.stored import (
    ReadyGroup,
    StoredClaim,
    claim,
    claims_by_id,
    claims_in,
    count_by_state,
    later_version,
    ready_groups,
    stored,
)

__all__ = [
    "AnswerFacts",
    "ByEncounter",
    "EventFacts",
    "FileFacts",
    "NextBilling",
    "NextChange",
    "Paper",
    "ReadyGroup",
    "ReadyPayer",
    "Refused",
    "StoredClaim",
    "Waiting",
    "answers_of",
    "answers_to",
    "batches",
    "batches_to_write",
    "claim",
    "claims_by_id",
    "claims_in",
    "claims_to_ask_about",
    "claims_to_bill_next",
    "contents",
    "count_by_state",
    "events_of",
    "explanations",
    "files_to_finish",
    "last_batch",
    "later_version",
    "next_billing",
    "next_claims_to_correct",
    "overrides",
    "paid_out_of_turn",
    "papers_to_mail",
    "past_claims",
    "patients_of",
    "payer_book",
    "payers_known",
    "print_of",
    "ready_by_payer",
    "ready_groups",
    "ready_ids",
    "received_files",
    "refused_claims",
    "silent_claims",
    "standing_of",
    "stored",
    "versions_of",
    "with_overrides",
]
