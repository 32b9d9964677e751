"""The words for states: all of them are texts that a translator gets, said in the language of who reads them."""

import pytest
from django.utils.functional import Promise

from superbill.app.web import words

WORDS = [(kind, name, word) for kind, states in words.STATES.items() for name, word in states.items()] + [
    ("severity", name, word) for name, word in words.SEVERITIES.items()
]
NAMES = [*words.ORDINALS.values(), *words.CLAIM_KINDS.values(), *words.CLAIM_FREQUENCY.values()]


@pytest.mark.parametrize("word", [word for *_, word in WORDS], ids=[f"{kind}-{name}" for kind, name, _ in WORDS])
def test_a_state_and_what_follows_it_can_be_translated(word):
    assert isinstance(word.text, Promise)
    assert word.next == "" or isinstance(word.next, Promise)


def test_ordinals_kinds_and_frequencies_of_claims_can_be_translated():
    assert [name for name in NAMES if not isinstance(name, Promise)] == []
