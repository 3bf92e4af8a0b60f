"""Code words: no two open operations share one, also when they are made in the same moment."""

from __future__ import annotations

from uuid import uuid4

import pytest

from samsyn.core.errors import ConflictError
from samsyn.operations import code_words
from samsyn.operations.rules import OperationState
from tests.cluster import Cluster
from tests.core.owner import acting_in
from tests.factories import Town
from tests.operations.plans import propose
from tests.operations.test_double_booking import at_once


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Four words that nobody else uses, so that drawing collides."""
    words = tuple(f"Blomma{n}{uuid4().hex[:8]}" for n in range(4))
    monkeypatch.setattr(code_words, "words", lambda: words)
    return words


def test_twelve_operations_made_at_once_from_four_words_get_twelve_names(
    town: Town, few: tuple[str, ...], cluster: Cluster, database: str
) -> None:
    plans = []
    with acting_in(cluster, database, connections=12):
        assert at_once([lambda: plans.append(propose(town))] * 12) == {"accepted": 12}
    names = [plan.card().code_word for plan in plans]
    assert len(set(names)) == 12
    assert set(" ".join(names).split()) <= set(few)


def test_a_word_is_free_again_when_its_operation_is_closed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    word = f"Ensam{uuid4().hex[:8]}"
    monkeypatch.setattr(code_words, "words", lambda: (word,))
    plan = propose(town)
    assert plan.card().code_word == word
    assert propose(town).card().code_word == f"{word} {word}"
    with pytest.raises(ConflictError, match="no free code word"):
        propose(town)
    plan.move(OperationState.CANCELLED)
    assert propose(town).card().code_word == word


def test_the_list_is_long_and_each_word_stands_once() -> None:
    assert len(code_words.words()) == len(set(code_words.words())) >= 300
