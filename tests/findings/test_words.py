from enum import StrEnum

import pytest

from samsyn.findings.rules import Answer, Missing, Question, Refusal, SuggestedOutcome, Verified
from samsyn.texts.say import LANGUAGES, say


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("answer", Answer),
        ("question", Question),
        ("verified", Verified),
        ("missing", Missing),
        ("refusal", Refusal),
        ("outcome", SuggestedOutcome),
    ],
)
def test_every_word_is_said_in_both_languages(table: str, words: type[StrEnum]) -> None:
    for language in LANGUAGES:
        assert all(say(language, f"findings.{table}.{word}") for word in words)
