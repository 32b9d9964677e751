"""Packs: rules of one payer, plan or state, written as data by a biller, replayed on history before they count."""

from superbill.packs.compiling import compiled
from superbill.packs.model import Pack, PackError, PackRule
from superbill.packs.proposing import Proposal, propose
from superbill.packs.reading import read_pack
from superbill.packs.replay import Answer, AnsweredClaim, Replay, replay

__all__ = [
    "Answer",
    "AnsweredClaim",
    "Pack",
    "PackError",
    "PackRule",
    "Proposal",
    "Replay",
    "compiled",
    "propose",
    "read_pack",
    "replay",
]
