"""The words in Swedish and English, for pages, mails and documents alike."""

from samsyn.texts.breaks import soften
from samsyn.texts.order import sort_key
from samsyn.texts.say import LANGUAGES, catalogue, has, say

__all__ = ["LANGUAGES", "catalogue", "has", "say", "soften", "sort_key"]
