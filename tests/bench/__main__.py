"""``make bench``: measure, print ratios against baselines of the same run, write ``bench.json``.

``python -m tests.bench [SUBJECT ...]`` runs some of the subjects. Exit 1 only where a subject broke: a bench never
fails for being slow, it says MISS.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from samsyn.embedded.postgres import Postgres
from tests.bench import (
    bench_booking,
    bench_busy,
    bench_cold,
    bench_dossiers,
    bench_evaluation,
    bench_feed,
    bench_hidden,
    bench_invitations,
    bench_mail,
    bench_outbox,
    bench_plans,
    bench_policies,
    bench_scale,
    bench_slots,
    bench_start,
    bench_subscribers,
    bench_week,
)
from tests.bench.place import Place
from tests.bench.result import Result
from tests.cluster import Cluster

ROOT = Path(__file__).parents[2]


def dossiers(place: Place) -> list[Result]:
    """Dossiers fill a database of their own."""
    database = place.database()
    return bench_dossiers.bench(lambda role: place.cluster.url(role, database))


SUBJECTS: dict[str, Callable[[Place], list[Result]]] = {
    "cold": bench_cold.bench,
    "start": bench_start.bench,
    "feed": bench_feed.bench,
    "busy": bench_busy.bench,
    "subscribers": bench_subscribers.bench,
    "invitations": bench_invitations.bench,
    "mail": bench_mail.bench,
    "booking": bench_booking.bench,
    "plans": bench_plans.bench,
    "outbox": bench_outbox.bench,
    "policies": bench_policies.bench,
    "scale": bench_scale.bench,
    "dossiers": dossiers,
    "evaluation": bench_evaluation.bench,
    "week": bench_week.bench,
    "slots": bench_slots.bench,
    "hidden": bench_hidden.bench,
}


def main(wanted: list[str]) -> int:
    """Run the subjects, each printed as soon as it is measured."""
    if unknown := set(wanted) - set(SUBJECTS):
        click.echo(f"no such subject: {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}", err=True)
        return 2
    began, results, broken = time.perf_counter(), [], 0
    with tempfile.TemporaryDirectory(prefix="samsyn-bench-") as folder:
        server = Postgres.start(Path(folder) / "pg")
        try:
            server.prepare("samsyn")
            place = Place(Path(folder), Cluster(server))
            for name in wanted or SUBJECTS:
                try:
                    found = measured(name, place)
                except Exception:  # one broken subject must not take the others' numbers away
                    traceback.print_exc()
                    broken += 1
                    continue
                results += found
        finally:
            server.stop()
    (ROOT / "bench.json").write_text(json.dumps([entry(r) for r in results], ensure_ascii=False, indent=1) + "\n")
    click.echo(f"\n{size_of_files()}\nmissed goals: {sum(not r.ok for r in results)} of {len(results)};", nl=False)
    click.echo(f" broken subjects: {broken}; {time.perf_counter() - began:.0f} s; bench.json written")
    return 1 if broken else 0


def measured(name: str, place: Place) -> list[Result]:
    """Measure one subject and print its part of the table."""
    began = time.perf_counter()
    results = SUBJECTS[name](place)
    click.echo(f"\n{name} ({time.perf_counter() - began:.0f} s)")
    click.echo(f"       {'':<58}{'value':>10}{'baseline':>10}{'ratio':>8}  goal")
    for r in results:
        numbers = "".join(f"{'-' if n is None else f'{n:.4g}':>{w}}" for n, w in ((r.baseline, 10), (r.ratio, 8)))
        click.echo(f"  {'ok  ' if r.ok else 'MISS'} {r.name:<58}{r.value:>10.4g}{numbers}  {r.goal}")
    return results


def entry(result: Result) -> dict[str, object]:
    """Return one entry of ``bench.json``; the unit is what follows the last comma of the name."""
    name, unit = result.name, result.name.rpartition(", ")[2]
    return {"name": name, "value": result.value, "unit": unit} | asdict(result)


def size_of_files() -> str:
    """Say how long the product's Python files are."""
    files = [path for root in ("inspect", "workers") for path in (ROOT / root).rglob("*.py")]
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in files}
    longest = max(files, key=lambda path: lines[path])
    return (
        f"{len(files)} Python files under inspect/ and workers/: median {statistics.median(lines.values()):g} lines,"
        f" longest {lines[longest]} ({longest.relative_to(ROOT)})"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
