"""Common times on the command line: the same answer as the page's, in lines and as JSON."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from samsyn.cli import planning
from samsyn.core.errors import NotAllowedError
from tests.factories import Town
from tests.planning import scene
from tests.planning.scene import MONDAY


@pytest.fixture(autouse=True)
def _bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "house", lambda: None)


def test_times_are_told_in_lines_and_as_json(town: Town) -> None:
    operation = scene.propose(town, scene.span(MONDAY, "10:00", "12:00"), (town.police, town.tobacco))
    run = CliRunner()
    words = ["common-times", "--as", town.police.name, str(operation), "--weeks", "1", "--hours", "working"]
    done = run.invoke(planning.plan, words)
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[0] == "Mon 2027-03-01 08:00-10:00, until 15:00: perhaps"
    assert done.output.splitlines()[-1] == "145 of 145 starts, 0 sure"
    said = json.loads(run.invoke(planning.plan, [*words, "--json", "--least", f"{town.tobacco.unit}:3"]).output)
    assert (said["possible"], said["never"], said["later"]) == (0, [str(town.tobacco.unit)], 0)
    assert [one["way"] for one in said["ways"]] == ["without", "fewer"]
    assert run.invoke(planning.plan, [*words, "--week", "99"]).exit_code == 2
    with pytest.raises(NotAllowedError):
        run.invoke(planning.plan, ["common-times", "--as", town.tobacco.name, str(operation)], catch_exceptions=False)
