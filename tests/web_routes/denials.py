"""Denials."""

from superbill.app.accounts.permissions import Role
from superbill.app.denials import queries
from superbill.app.denials.actions import Filing, file_appeal
from superbill.app.denials.queries import LetterWords
from superbill.app.practices.actions import keep_policy
from superbill.claims.parties import Address
from superbill.site.appeals import PayerRules
from superbill.site.policy import MoneyPolicy
from tests.app_samples import AT, TODAY
from tests.web_routes import Listed

_READS = {"lacking": Role.FRONT_DESK, "reads": "claim"}

ROUTES = {
    "denials": Listed(**_READS),
    "denials-chosen": Listed(lacking=Role.FRONT_DESK, body={"do": "assign"}, gives=302),
    "denial-prevention": Listed(lacking=Role.FRONT_DESK),
    "denial": Listed(**_READS),
    "denial-correct": Listed(lacking=Role.POSTER, reads="claim", body={"modifiers_1": "X"}, gives=422),
    "denial-appeal": Listed(lacking=Role.POSTER, reads="claim", body={}, gives=422),
    "denial-decide": Listed(lacking=Role.POSTER, reads="claim", body={}, gives=422),
    "denial-write-off": Listed(lacking=Role.FRONT_DESK, reads="claim", body={}, gives=422),
    "denial-bill": Listed(lacking=Role.FRONT_DESK, reads="claim", body={}, gives=422),
    "denial-tell": Listed(lacking=Role.POSTER, reads="claim", body={}, gives=422),
    "denial-snooze": Listed(lacking=Role.FRONT_DESK, reads="claim", body={}, gives=422),
    "appeals": Listed(**_READS),
    "appeal-letter": Listed(lacking=Role.FRONT_DESK, reads="claim", page=False),
}

WORDS = LetterWords(signer="Dana Whitfield", because=("It was needed.",))


def keys(system, office, _folder):
    """A refusal to be worked, and an appeal that was filed about another one."""
    keep_policy(office.practice.pk, MoneyPolicy(payers={"one": PayerRules(kind="medicare")}))
    about = queries.denial(system.scope, "A1002P1", TODAY)
    letter = queries.compose(
        system.scope, about, TODAY, WORDS, payer_address=Address("PO Box 9", "Springfield", "IL", "627010001")
    )
    step = file_appeal(system, "A1002P1", Filing(on=TODAY, letter=letter), at=AT)
    number = office.keys["claim"]
    ways = ("correct", "appeal", "decide", "write-off", "bill", "tell", "snooze")
    return {"denial": number, **{f"denial-{way}": number for way in ways}, "appeal-letter": (step,)}
