"""How the house is laid out: what would shadow the standard library, what grows too long, what must not be written."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = ("inspect", "workers")
LONGEST = 300
LONGER: dict[str, str] = {}
"""Files over 300 lines, each with its reason."""
SKIPPED = {"__pycache__", "vendor", "node_modules", "dist", "build"}
BINARY = {".woff2", ".png", ".jpg", ".jpeg", ".heic", ".webp", ".xlsx", ".xls", ".ods", ".gz", ".pdf", ".ico", ".zip"}
VAGUE = re.compile(r"^(util|utils|helper|helpers|common|misc)$")
SHADOWS = {"calendar", "email", "inspect", "queue", "token", "types", "select", "signal", "secrets"}
SESSION_SETTING = re.compile(r"(?:^|;)\s*(?:SET\s+(?!LOCAL\b)|set\s+(?:session|role|time zone)\b)")
OTHER_DAY = re.compile(r"\bnow(?:\([^()]*\))?(?:\.astimezone\([^()]*\))?\.date\(\)|\bNOW\.date\(\)|\bdate\.today\(\)")
KEPT_SETTING = re.compile(r"set_config\((?:[^()]|\([^()]*\))*,\s*(?:false|f|'f'|'false')\s*\)", re.IGNORECASE)
ADDRESSES = {
    "an index address": re.compile(r"(?<!emit-)(?:index-url|find-links)|https?://\S+/simple\b", re.IGNORECASE),
    "a path of one machine": re.compile(r"(?<![\w.}/-])/(?:root|home|work|Users|tmp/[a-z]+)/[\w.]"),
}
ROOMS = {"models", "service", "queries", "rules", "errors"}
EXTRA_ROOMS = {
    # what an outside provider says, and whether it is to be believed; the secrets of invitations; what a key answers
    "access": {"oidc", "offers", "passkeys"},
    "audit": {"canonical", "heads", "sealing", "verifying"},  # the bytes that are hashed; the chain; its signed ends
    "businesses": {"identity", "reading"},  # classify() of numbers; reading what offices send
    # a delivery as a letter; RFC 6376; RFC 5545; RFC 5546
    "calendars": {"doors", "bounces", "letters", "signing", "rendering", "replies"},
    "disclosures": {"grounds", "freezing"},  # the legal bases as data; a finding as a frozen copy
    "dossiers": {
        *("statement", "status", "rendering", "document", "compiling", "pages", "pdf", "history"),
        *("renderings", "news", "measures", "report", "stored", "answers"),
    },
    "findings": {
        *("checklists", "cleaning", "commands", "evidence", "gate", "picture", "vault"),
        *("drafts", "first_keys", "list_files", "points", "quarantine", "uploads", "words"),
    },
    "imports": {"reading"},
    "places": {"holding"},  # which signals hold now: a statement that candidates build on
    "lifecycle": {
        "beginning",
        "common_times",
        "polls",
        "deadlines",
        "facts",
        "handing_over",
        "held",
        "leading",
        "leaving",
        "notices",
        "on_site",
        "overview",
        "own_roles",
        "evenings",
        "publishing",
        "repeat",
        "reply_queue",
        "returns",
        "staffing",
        "two_people",
        "waiting",
    },
    "letters": {"drafts", "plain"},  # the words that a letter begins with; a section of an act as people say it
    "operations": {"code_words", "traces"},
    # the tools as data; what to think of, as a table; what that is computed from
    "outcomes": {"tools", "cautions", "commands", "looking"},
    # what stands in the way; the own calendar, fetched and read; the week; the bitsets; what a template holds
    "planning": {
        "burden",
        "busy",
        "clashes",
        "free_time",
        "iso_week",
        "reasons",
        "red_days",
        "slots",
        "templates",
        "campaigns",
        "verifier",
        "scores",
    },
    "pledges": {"counted", "counting", "counts", "evaluation", "returns", "yearly"},
    "records": {
        "aftermath",
        "decision",
        "gathering",
        "packing",
        "sections",
        "things",
    },  # found in the silo; put into one file
    "retention": {"statement"},
}
CAPABILITIES = (
    *(
        "audit",
        "authorities",
        "access",
        "businesses",
        "places",
        "operations",
        "findings",
        "outcomes",
        "disclosures",
        "planning",
        "calendars",
    ),
    *("dossiers", "letters", "pledges", "imports", "records", "retention", "lifecycle"),
)


def files(*roots: str) -> Iterator[Path]:
    """What belongs to the house: nothing hidden, nothing made, nothing from outside."""
    for root in roots:
        for path in sorted((ROOT / root).rglob("*")):
            parts = path.relative_to(ROOT).parts
            if path.is_file() and not SKIPPED & set(parts) and not any(p.startswith(".") and len(p) > 1 for p in parts):
                yield path


def written() -> Iterator[Path]:
    """Every text file that somebody may commit."""
    yield from (
        path for path in sorted(ROOT.iterdir()) if path.is_file() and path.suffix not in BINARY and path.name != ".git"
    )
    yield from (p for p in files(*CODE, "migrations", "config", "tests") if p.suffix not in BINARY | {".pyc"})


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_source_roots_are_no_packages() -> None:
    assert [name(p) for root in CODE for p in [ROOT / root / "__init__.py"] if p.exists()] == []


@pytest.mark.parametrize("how", [("-c",), ("-m", "timeit", "-n1", "-r1")])
def test_the_standard_librarys_inspect_wins_in_this_folder(how: tuple[str, ...]) -> None:
    code = "import inspect, dataclasses; inspect.signature(inspect.signature)"
    run = subprocess.run([sys.executable, *how, code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_no_file_or_folder_has_a_name_that_says_nothing_or_shadows_a_library() -> None:
    found = [
        name(path)
        for path in files(*CODE, "tests", "migrations")
        for part in (*path.relative_to(ROOT).parts[1:-1], path.stem)
        if VAGUE.match(part) or (part in SHADOWS and path.suffix == ".py")
    ]
    assert found == []


def test_no_file_is_long_without_a_reason() -> None:
    long = {name(p): len(p.read_text("utf-8").splitlines()) for p in files(*CODE) if p.suffix == ".py"}
    assert {file: lines for file, lines in long.items() if lines > LONGEST and file not in LONGER} == {}
    assert {file for file in LONGER if long.get(file, 0) <= LONGEST} == set()


def statements() -> Iterator[tuple[str, str]]:
    """Every string of the code, and every line of SQL."""
    for path in files(*CODE):
        if path.suffix == ".sql":
            yield from ((f"{name(path)}:{n}", line) for n, line in enumerate(path.read_text().splitlines(), 1))
        elif path.suffix == ".py":
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield f"{name(path)}:{node.lineno}", node.value


def keeps_a_setting(statement: str) -> bool:
    return bool(SESSION_SETTING.search(statement) or KEPT_SETTING.search(statement))


def test_no_setting_outlives_its_transaction() -> None:
    """The next user of a pooled connection would inherit it (SECRECY 2, no. 8)."""
    assert [where for where, said in statements() if keeps_a_setting(said)] == []


@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ("SET app.authority = 'x'", True),
        ("  set role samsyn_owner", True),
        ("SELECT 1; SET search_path TO x", True),
        ("SELECT set_config('app.authority', :a, false)", True),
        ("SELECT set_config('app.authority', coalesce(:a, ''), false)", True),
        ("SET LOCAL lock_timeout = '1s'", False),
        ("SELECT set_config('app.authority', :a, true)", False),
        ("UPDATE outbox SET state = 'done'", False),
    ],
)
def test_a_setting_that_stays_is_seen(statement: str, kept: bool) -> None:
    assert keeps_a_setting(statement) is kept


@pytest.mark.parametrize("what", ADDRESSES)
def test_no_file_names_an_index_or_a_machine(what: str) -> None:
    mine = Path(__file__)
    found = [
        f"{name(path)}:{n}"
        for path in written()
        if path != mine
        for n, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if ADDRESSES[what].search(line)
    ]
    assert found == []


def test_no_day_is_taken_from_another_clock_than_swedens() -> None:
    """Between midnight in Sweden and midnight UTC the two differ; ``core.home.local_day`` and ``uow.today`` do not."""
    folders = (*CODE, "tests")
    found = [
        f"{name(path)}:{n}"
        for path in written()
        if path.suffix == ".py" and path != Path(__file__) and path.relative_to(ROOT).parts[0] in folders
        for n, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if OTHER_DAY.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ("today = uow.now.date()", True),
        ("TODAY = NOW.date()", True),
        ("TODAY = datetime.now(UTC).date()", True),
        ("TODAY = datetime.now().astimezone().date()", True),
        ("TODAY = date.today()", True),
        ("TODAY = local_day(NOW)", False),
        ("today = uow.today", False),
        ("first = uow.today.isoformat()", False),
    ],
)
def test_a_day_of_another_clock_is_seen(line: str, other: bool) -> None:
    assert bool(OTHER_DAY.search(line)) is other


def test_the_rooms_of_a_capability_are_known_by_name() -> None:
    """Another file is fine where it has a reason: name it above."""
    found = [
        name(path)
        for capability in CAPABILITIES
        for path in sorted((ROOT / "inspect/samsyn" / capability).iterdir())
        if path.stem not in ROOMS | EXTRA_ROOMS.get(capability, set()) and not path.name.startswith("__")
    ]
    assert found == []


def test_every_public_table_lies_in_a_room_that_the_migrations_load() -> None:
    from samsyn.core.tables import ROOMS as LOADED

    package = ROOT / "inspect/samsyn"
    with_tables = {p.relative_to(package).parts[0] for p in package.rglob("models*") if "__pycache__" not in p.parts}
    assert with_tables == set(LOADED)


@pytest.mark.parametrize(
    "first", ["samsyn.cli.up", "samsyn.calendars.letters", "samsyn.web.app", "samsyn_workers.relay"]
)
def test_a_process_may_begin_with_any_of_its_doors(first: str) -> None:
    """A circle of imports shows only where the one module comes first, as in a process that starts with it."""
    run = subprocess.run([sys.executable, "-c", f"import {first}"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
