from copy import deepcopy
from typing import Any

from samsyn.dossiers.stored import unfold

LIST = "0123"
POINT = {"position": 4, "sv": "Finns skylten?", "en": "Is the sign there?", "law": "1 §"}
STORED = {
    "business": {"name": "Kiosk"},
    "counts": {"open": 1},
    "seen": "17",
    "visits": {"visit_id": ["v1", "v2"], "starts_at": ["2026-12-31T23:30:00+00:00", "2026-03-01T10:00:00+00:00"]},
    "open": ["f2"],
}
ANSWERS = {
    "parts": [[0, {"authority": "A"}], [1, {"authority": "A"}], [1, {"authority": "B"}]],
    "facts": {"visit": [1], "question": ["who_was_met"], "answer": ["Föreståndaren"]},
    "points": [[LIST, 2, "A-1", POINT]],
    "evidence": {"f1": 2},
    "findings": {
        "visit": [0, 1, 1, 1],
        "finding_id": ["f1", "f4", "f2", "f3"],
        "version": [1, 1, 3, 1],
        "checklist_id": [LIST, LIST, LIST, None],
        "checklist_n": [2, 2, 2, None],
        "point": ["A-1", "A-1", "B-7", None],
        "answer": ["ok", "ok", "deficiency", "observation"],
        "serious": [False, False, True, False],
        "observed_at": [
            "2026-12-31T23:40:00+00:00",
            "2026-03-01T10:09:00+00:00",
            "2026-03-01T10:05:00+00:00",
            "2026-03-01T10:01:00+00:00",
        ],
    },
}


def test_columns_become_an_entry_for_each_thing_and_what_is_read_beside_them_stands_in_its_place() -> None:
    read: Any = unfold(deepcopy(STORED), deepcopy(ANSWERS))
    first, second = read["visits"]
    assert (first["date"], second["date"]) == ("2027-01-01", "2026-03-01")  # the day in Sweden
    assert [v["parts"] for v in (first, second)] == [[{"authority": "A"}], [{"authority": "A"}, {"authority": "B"}]]
    assert [v["facts"] for v in (first, second)] == [[], [{"question": "who_was_met", "answer": "Föreståndaren"}]]
    assert [(f["finding_id"], f["version"], f["evidence"]) for f in first["findings"]] == [("f1", 1, 2)]
    assert [(f["finding_id"], f["point"], f["point_sv"], f["law"]) for f in second["findings"]] == [
        ("f4", "A-1", "Finns skylten?", "1 §"),  # by its check point, before what has none that the reader can see
        ("f3", None, None, None),
        ("f2", "B-7", None, None),
    ]
    assert read["open_deficiencies"] == [
        {"visit_id": "v2", "visited_at": "2026-03-01T10:00:00+00:00", "finding": second["findings"][2]}
    ]


def test_nothing_is_an_empty_history() -> None:
    empty: dict[str, Any] = {name: {} for name in STORED} | {"open": [], "parts": []}
    assert unfold(empty, None)["visits"] == []
