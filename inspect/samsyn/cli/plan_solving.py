"""``samsyn plan solve``: a campaign's plan from a file into a file, or a plan held against the rules (PLANNER.md)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from samsyn.cli.progress import bar
from samsyn.planning.campaigns.plans import MOST_ITERATIONS, CampaignPlan, Progress, compiled, solve, solve_by_many
from samsyn.planning.campaigns.problem import Problem, ProblemError, read_problem
from samsyn.planning.verifier.verifying import Verdict, verify

MOST_BYTES = 200_000_000
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def place_of(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    """Return where a plan goes; exit 2 where none can be written, before the hours of making it are lost."""
    if path is not None and not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
        raise click.BadParameter(f"{path.parent} is no folder that can be written in")
    return path


@click.command("solve")
@click.argument("problem", type=FILE)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=place_of,
    help="where the plan goes; else standard output",
)
@click.option(
    "--check", type=FILE, help="hold this plan against the rules instead of making one; exit 1 if it breaks one"
)
@click.option(
    "--seconds", type=click.FloatRange(0.1, 86_400), help="stop after so long; a budget of iterations is made of it"
)
@click.option(
    "--iterations", type=click.IntRange(0, MOST_ITERATIONS), help="stop after so many: the same plan each time"
)
@click.option("--seed", type=click.IntRange(0, 2**31), default=1, show_default=True, help="what chance is drawn from")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="so many runs at once; the best counts"
)
def solve_command(
    *,
    problem: Path,
    output: Path | None,
    check: Path | None,
    seconds: float | None,
    iterations: int | None,
    seed: int,
    workers: int,
) -> None:
    """Make a campaign's plan out of PROBLEM (samsyn-problem/1); needs no server.

    What is found is held against the rules by the verifier before anything is written.
    """
    asked = problem_of(problem)
    neutral = asked.model_dump(mode="json")
    if check is not None:
        told(asked, verify(neutral, json_of(check)), json_of(check))
        return
    made = make(asked, seconds=seconds, iterations=iterations, seed=seed, workers=workers)
    verdict = verify(neutral, made.as_json())
    if not verdict.accepted:
        raise click.ClickException("the plan breaks its own rules and was not written: " + str(verdict.violations[0]))
    text = json.dumps(made.as_json(), ensure_ascii=False, separators=(",", ":")) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
    click.echo(summary(made), err=True)


def problem_of(path: Path) -> Problem:
    """Return the problem in a file; exit 2 with a line for each fault."""
    if path.stat().st_size > MOST_BYTES:
        raise click.UsageError(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        return read_problem(path.read_bytes())
    except ProblemError as error:
        raise click.UsageError(f"{path.name}: " + "\n  ".join(error.faults)) from None


def json_of(path: Path) -> object:
    """Return what a plan's file holds, whatever it is."""
    if path.stat().st_size > MOST_BYTES:
        raise click.UsageError(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        found: object = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"{path.name}: no JSON: {error}") from None
    return found


def make(asked: Problem, *, seconds: float | None, iterations: int | None, seed: int, workers: int) -> CampaignPlan:
    """Make the plan, with a bar; exit 1 with the reasons when there can be none."""
    try:
        if workers > 1:
            return solve_by_many(asked, seed=seed, iterations=iterations, seconds=seconds, workers=workers)
        with bar("plan") as say:

            def tell(now: Progress) -> bool:
                say(now.done, now.budget)
                return True

            return solve(asked, seed=seed, iterations=iterations, seconds=seconds, tell=tell)
    except ProblemError as error:
        raise click.ClickException("no plan: " + "\n  ".join(error.faults)) from None


def summary(made: CampaignPlan) -> str:
    """Return the plan in a few lines: what it holds, how good it is known to be, what makes it again."""
    alone = sum(one.alone for one in made.left_out)
    how = "compiled" if compiled() else "plain Python"
    return "\n".join(
        [
            f"planned {len(made.placed)}, left out {len(made.left_out)} ({alone} impossible even alone)",
            f"risk {made.risk} of at most {made.risk_at_most} (wanted {made.risk_wanted})",
            f"objective {made.objective}, not proven to be the least",
            f"seed {made.seed}, {made.iterations} of {made.budget} iterations, {how}",
        ]
    )


def told(asked: Problem, verdict: Verdict, said: object) -> None:
    """Print what the verifier says of a plan; exit 1 where it breaks a rule."""
    for one in verdict.violations:
        click.echo(str(one))
    if not verdict.accepted:
        raise click.exceptions.Exit(1)
    for part, cost in verdict.parts.items():
        click.echo(f"{part:14} {cost:10}")
    click.echo(f"{'objective':14} {verdict.objective:10}")
    claims = said.get("claims") if isinstance(said, dict) else None
    bound = claims.get("bound") if isinstance(claims, dict) else None
    if bound is not None and verdict.objective:
        click.echo(f"{'gap':14} {(verdict.objective - bound) / verdict.objective:10.1%}")
    click.echo(f"no rule broken, {len(asked.visits)} visits")
