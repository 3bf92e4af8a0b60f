"""What is frozen is made again byte by byte: by another reader, on another day, by another process in another place."""

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from uuid import UUID

from apiflask import APIFlask

from samsyn.authorities.queries import authority_names
from samsyn.core.uow import unit_of_work
from samsyn.pledges.evaluation.documents import evaluation_json, evaluation_pdf, public_pdf
from samsyn.pledges.evaluation.open_data import described
from samsyn.pledges.evaluation.preview import Public, read_public
from samsyn.pledges.evaluation.queries import get_evaluation
from samsyn.pledges.evaluation.service import WriteText, approve, write_text
from samsyn.web.exports.evaluation_sheets import evaluation_xlsx
from samsyn.web.exports.open_data import public_csv, public_xlsx
from tests.factories import Office, Town
from tests.pledges.histories import leave
from tests.pledges.test_evaluation import compiled, signed
from tests.pledges.test_numbers import license_places, live
from tests.web.reader import open_browser
from tests.web.test_evaluation_pages import decided

TAKEN = ("pdf", "xlsx", "json")
PUBLIC = ("public.pdf", "public.xlsx", "public.csv", "public.json", "public-columns.json")
AGAIN = "import sys, tests.web.test_evaluation_bytes as t; t.print_digests(sys.argv[1])"


def documents(found: Public, names: dict[UUID, str]) -> dict[str, bytes]:
    """Every document of a compilation in both languages, and of its public version."""
    assert found.decided_at is not None
    made = {"json": evaluation_json(found.card), "csv": public_csv(found.content)}
    made["columns"] = described("medborgarlofte-2027.csv", found.content)
    for language in ("sv", "en"):
        made[f"{language} pdf"] = evaluation_pdf(found.card, language, names)
        made[f"{language} xlsx"] = evaluation_xlsx(found.card, language)
        made[f"{language} public pdf"] = public_pdf(found.content, language, found.decided_at)
        made[f"{language} public xlsx"] = public_xlsx(found.content, language, found.decided_at)
    return made


def digests(made: dict[str, bytes]) -> list[str]:
    return [f"{hashlib.sha256(one).hexdigest()} {name}" for name, one in sorted(made.items())]


def print_digests(path: str) -> None:
    """What another process makes of the same."""
    found, names = pickle.loads(Path(path).read_bytes())  # noqa: S301  written by the test itself
    sys.stdout.write("\n".join(digests(documents(found, names))))


def published(town: Town) -> UUID:
    """A year with something of everything, written beside, approved and decided."""
    promised, chance = signed(town), Random(4)
    license_places(town, chance)
    live(town, promised, chance, 12)
    key = compiled(town, promised, "2027")
    for subject, words in (
        (promised.joint, "Mörka kvällar."),
        (promised.areas[0], "Torget."),
        (promised.pledge, "Allt."),
    ):
        with unit_of_work(town.planner(town.police)) as uow:
            write_text(uow, WriteText(key, subject, words, 0))
    decided(town, key)
    return key


def test_another_process_elsewhere_and_later_makes_the_same_bytes(town: Town, tmp_path: Path) -> None:
    key = published(town)
    with unit_of_work(town.planner(town.health)) as uow:
        found = read_public(uow, key)
        names = authority_names(uow, set(found.card.pledge.parties))
    here = digests(documents(found, names))
    assert digests(documents(found, names)) == here
    kept = tmp_path / "read"
    kept.write_bytes(pickle.dumps((found, names)))
    time.sleep(2.1)  # a workbook's parts bear a time in steps of two seconds
    for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/Lima")):
        elsewhere = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", AGAIN, str(kept)]
        there = subprocess.run(command, env={**os.environ, **elsewhere}, check=True, capture_output=True, text=True)
        assert there.stdout.splitlines() == here, zone


def test_every_member_takes_the_same_bytes_of_a_language(app: APIFlask, town: Town) -> None:
    key = published(town)

    def taken(office: Office) -> dict[str, bytes]:
        client = open_browser(app.test_client(), town.planner(office)).client
        paths = [f".{form}" for form in TAKEN] + [f"/{form}" for form in PUBLIC]
        return {path: client.get(f"/evaluations/{key}{path}").data for path in paths}

    first = taken(town.police)
    assert all(first.values())
    assert taken(town.environment) == first


def test_a_file_of_one_name_has_one_content_also_when_a_party_leaves(app: APIFlask, town: Town) -> None:
    key = compiled(town, signed(town), "2027")
    for office in (town.police, town.tobacco, town.environment):
        with unit_of_work(town.planner(office)) as uow:
            approve(uow, key, get_evaluation(uow, key).looked_at)
    client = open_browser(app.test_client(), town.planner(town.police)).client

    def taken() -> dict[str, bytes]:
        answers = [client.get(f"/evaluations/{key}.{form}") for form in TAKEN]
        return {one.headers["Content-Disposition"]: one.data for one in answers}

    before = taken()
    assert taken() == before
    leave(town, town.health)
    after = taken()
    assert {name for name, data in after.items() if before.get(name, data) != data} == set()
    assert set(after.values()).isdisjoint(before.values()), "they say how the parties stand"
