"""Every table has a rule, a technical period, a person who ends it, or a reason to be preserved (R19)."""

from __future__ import annotations

from samsyn.core.tables import kinds, load
from samsyn.planning.service.clearing import AFTER, CLEARED
from samsyn.retention.rules import periods
from samsyn.retention.statement import KEYS


def test_every_table_is_named_once() -> None:
    said = periods()
    named = [
        *(row[0] for row in KEYS.values()),
        *(one.table for one in said.technical),
        *said.personal,
        *(table for one in said.preserved for table in one.tables),
    ]
    assert sorted(named) == sorted(load().tables)


def test_the_database_lets_go_what_has_a_period_after_just_those_days_and_nothing_that_is_preserved() -> None:
    said, declared = periods(), kinds()
    lets_go = {name: [one for one in kind.rules if one.command == "DELETE"] for name, kind in declared.items()}
    for one in said.technical:
        assert lets_go[one.table], one.table
        if one.days:
            assert f"interval '{one.days} days'" in str(lets_go[one.table][0].using), one.table
    assert [t for one in said.preserved for t in one.tables if lets_go[t]] == []


def test_every_class_has_its_proposal() -> None:
    assert {one.data_class for one in periods().rules} == set(KEYS)


def test_what_is_emptied_of_rows_that_stay_is_said_as_it_is_done() -> None:
    said = {one.table: (set(one.columns), one.days) for one in periods().cleared}
    assert said == {table: (set(columns), AFTER.days) for table, columns in CLEARED.items()}
    tables, kept = load().tables, {table for one in periods().preserved for table in one.tables}
    assert all(set(columns) <= set(tables[name].columns.keys()) for name, columns in CLEARED.items())
    assert set(said) <= kept
