"""``samsyn plan solve``: files in, files out, exit codes, and a plan held against the rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from samsyn.cli import cli, plan_solving
from tests.planning.campaigns.made_up import neutral, problem


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(neutral(problem(2, visits=12))), encoding="utf-8")
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["plan", "solve", *map(str, words)])


def test_a_plan_is_written_and_holds(asked: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    done = run(asked, "-o", out, "--iterations", 50, "--seed", 4)
    assert done.exit_code == 0, done.output
    assert "objective" in done.stderr
    assert "50 of 50 iterations" in done.stderr
    assert json.loads(out.read_text())["made"] == {"seed": 4, "budget": 50, "iterations": 50}
    again = run(asked, "--iterations", 50, "--seed", 4)
    assert again.stdout == out.read_text()
    checked = run(asked, "--check", out)
    assert checked.exit_code == 0
    assert "no rule broken, 12 visits" in checked.stdout


def test_a_plan_that_breaks_a_rule_ends_with_1_and_the_violation(asked: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    run(asked, "-o", out, "--iterations", 10)
    made = json.loads(out.read_text())
    made["visits"][0]["start"] += 1
    made.pop("claims")
    out.write_text(json.dumps(made))
    done = run(asked, "--check", out)
    assert done.exit_code == 1
    assert done.stdout.startswith(f"H1 {made['visits'][0]['id']}: starts at")


def test_bad_files_and_problems_without_a_plan_are_told_apart(asked: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{")
    assert run(bad).exit_code == 2
    assert run(asked, "--check", bad).exit_code == 2
    assert run(tmp_path / "absent.json").exit_code == 2
    data = json.loads(asked.read_text())
    data["visits"][0] |= {"mandatory": True, "windows": []}
    bad.write_text(json.dumps(data))
    done = run(bad, "--iterations", 5, "-o", tmp_path / "none.json")
    assert done.exit_code == 1
    assert "v0: is mandatory and has no place" in done.output
    assert not (tmp_path / "none.json").exists()


def test_a_place_where_no_plan_can_be_written_is_said_before_anything_is_made(
    asked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_solving, "make", lambda *_, **__: pytest.fail("a plan was made"))
    (tmp_path / "file").touch()
    for out in ("missing/plan.json", "missing/dir/plan.json", "file/plan.json"):
        done = run(asked, "-o", tmp_path / out, "--iterations", 5)
        assert done.exit_code == 2, done.output
        assert "is no folder that can be written in" in done.output.replace("\n", " ")
    assert not (tmp_path / "missing").exists()


def test_several_workers_take_the_best_of_their_plans(asked: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    assert run(asked, "-o", one, "--iterations", 20).exit_code == 0
    assert run(asked, "-o", two, "--iterations", 20, "--workers", 2).exit_code == 0
    assert json.loads(two.read_text())["claims"]["objective"] <= json.loads(one.read_text())["claims"]["objective"]
