"""Valid documents for generative tests: the writers take them, the judges pass them, the readers give them back."""

from tests.strategies_answers import claim_acknowledgements, functional_acknowledgements, remittances
from tests.strategies_claims import claims
from tests.strategies_parts import ENVELOPE, SUBMITTER

__all__ = [
    "ENVELOPE",
    "SUBMITTER",
    "claim_acknowledgements",
    "claims",
    "functional_acknowledgements",
    "remittances",
]
