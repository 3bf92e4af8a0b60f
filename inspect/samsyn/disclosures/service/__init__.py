"""Decide what is handed over, refuse, withdraw, ask; keep what was begun."""

from samsyn.disclosures.service.asking import AskFor, ask_for
from samsyn.disclosures.service.beginning import begun_for, drop_begun, keep_begun
from samsyn.disclosures.service.deciding import Give, Refuse, Withdraw, give, refuse, withdraw
from samsyn.disclosures.service.pictures import picture_digests, read_picture

__all__ = [
    "AskFor",
    "Give",
    "Refuse",
    "Withdraw",
    "ask_for",
    "begun_for",
    "drop_begun",
    "give",
    "keep_begun",
    "picture_digests",
    "read_picture",
    "refuse",
    "withdraw",
]
