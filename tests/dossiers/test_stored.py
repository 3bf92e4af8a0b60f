from copy import deepcopy
from typing import Any

from samsyn.dossiers.rules import with_questions
from samsyn.dossiers.stored import unfold

POINTS = {"A-1/2/0123456789ab": {"code": "A-1", "sv": "Finns skylten?", "en": "Is the sign there?", "law": "1 §"}}
STORED = {
    "business": {"name": "Kiosk"},
    "counts": {"open": 1},
    "points": POINTS,
    "visits": {"visit_id": ["v1", "v2"], "starts_at": ["2026-12-31T23:30:00+00:00", "2026-03-01T10:00:00+00:00"]},
    "parts": {"visit": [0, 1], "authority": ["A", "B"]},
    "facts": {},
    "findings": {
        "visit": [0, 1, 1],
        "finding_id": ["f1", "f2", "f3"],
        "asked": ["A-1/2/0123456789ab", "B-7", None],
        "answer": ["ok", "deficiency", "observation"],
        "serious": ["f2"],
        "version": {"f2": 3},
        "evidence": None,
    },
    "open": ["f2"],
}


def test_columns_become_an_entry_for_each_thing() -> None:
    read = unfold(deepcopy(STORED))
    first, second = read["visits"]
    assert (first["date"], second["date"]) == ("2027-01-01", "2026-03-01")  # the day in Sweden
    assert [v["parts"] for v in (first, second)] == [[{"authority": "A"}], [{"authority": "B"}]]
    assert [(f["finding_id"], f["point"], f["version"], f["serious"]) for f in second["findings"]] == [
        ("f2", "B-7", 3, True),  # of a checklist that the reader cannot see: its code, and no question
        ("f3", None, 1, False),
    ]
    assert read["open_deficiencies"] == [
        {"visit_id": "v2", "visited_at": "2026-03-01T10:00:00+00:00", "finding": second["findings"][0]}
    ]
    whole = with_questions(read)
    assert whole["visits"][0]["findings"][0]["point_sv"] == "Finns skylten?"
    assert whole["open_deficiencies"][0]["finding"]["law"] is None


def test_what_was_compiled_with_an_entry_for_each_is_read_as_it_is() -> None:
    before = unfold(deepcopy(STORED))
    assert unfold(deepcopy(before)) == before


def test_nothing_is_an_empty_history() -> None:
    empty: dict[str, Any] = {name: {} for name in STORED} | {"open": []}
    assert unfold(empty)["visits"] == []
