"""The kernel built ahead makes the plans that plain Python makes, byte for byte; it is built in a copy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from samsyn.cli.doctor import planner
from samsyn.planning.campaigns.plans import compiled
from tests.planning.campaigns.made_up import neutral, problem, solved

ROOT = Path(__file__).parents[3]
RUNS = "from samsyn.cli import main; main()"
SLOW = "plain Python kernel, about three times as slow"
SAYS = "import sys; from samsyn.planning.campaigns.plans import compiled; sys.exit(0 if compiled() else 3)"


def test_the_doctor_says_which_kernel_plans() -> None:
    assert planner() == ("planner", True, f"{'compiled kernel' if compiled() else SLOW}")


def test_the_image_builds_what_the_makefile_names_and_keeps_no_compiler() -> None:
    build, image = (ROOT / "Dockerfile").read_text(encoding="utf-8").split("FROM ${BASE}\n")
    assert "make -o setup kernel" in build
    assert "COPY --from=kernel /built /built" in image
    assert "gcc" not in image


@pytest.mark.long
@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
def test_the_kernel_built_ahead_makes_the_same_plans(tmp_path: Path) -> None:
    for name in ("inspect", "config"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "static", "*.so"))
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    subprocess.run(["make", "-o", "setup", "kernel"], cwd=tmp_path, check=True, timeout=600, capture_output=True)
    there = {**os.environ, "PYTHONPATH": str(tmp_path / "inspect")}
    subprocess.run([sys.executable, "-c", SAYS], env=there, check=True, timeout=60)
    for seed in range(3):
        asked = problem(seed, visits=40, people=4)
        (tmp_path / "problem.json").write_text(json.dumps(neutral(asked)))
        words = ["-c", RUNS, "plan", "solve", str(tmp_path / "problem.json"), "--iterations", "200", "--seed", "5"]
        made = subprocess.run(
            [sys.executable, *words], env=there, check=True, timeout=300, capture_output=True, text=True
        )
        assert "compiled" in made.stderr
        assert json.loads(made.stdout) == json.loads(json.dumps(solved(asked, iterations=200, seed=5).as_json()))
