"""Load the practice town: through the services, as the people in it would have done it, so that it tests the rules.

Left out, because no room of the house keeps them yet: test purchases, sealed lists.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import yaml

from samsyn.calendars.letters import Links
from samsyn.calendars.service import SEND_DELIVERIES
from samsyn.cli.practice import (
    acting,
    afterwards,
    asking,
    campaigning,
    colleagues,
    deciding,
    disclosures,
    evaluating,
    evening,
    following,
    founding,
    history,
    hours,
    invited,
    inviting,
    letters,
    observing,
    planning,
    promising,
    records,
    registry,
    usual,
)
from samsyn.cli.practice.case import Case
from samsyn.cli.practice.clock import Clock
from samsyn.cli.practice.pictures import photos
from samsyn.cli.practice.town import Town
from samsyn.cli.practice.waiting import let_go
from samsyn.core.migrate import config_folder
from samsyn.core.practice import Practice

Say = Callable[[str, int, int], None]
"""Told the step's name, how far it is, and how many there are."""
STEPS: Final = ("found", "people", "registry", "hours", "history", "operations")
"""Their words are texts: ``walk.step``."""


def read_town() -> dict[str, Any]:
    """Read the data; by libyaml where it is, which takes a tenth of the time."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    said: dict[str, Any] = yaml.load((config_folder() / "demo" / "town.yaml").read_bytes(), Loader=loader)  # noqa: S506
    return said


def load_town(links: Links, folder: Path, now: datetime, say: Say) -> Practice:
    """Load everything into an empty database; return who signs in. ``folder`` keeps the photos."""
    town = Town(read_town(), Clock(now), links, folder)
    say("found", 0, 1)
    founding.found_town(town)
    say("people", 0, 1)
    people = founding.settle_people(town)
    say("registry", 0, 1)
    registry.fill_registry(town)
    registry.follow_hot_spots(town)
    observing.observe(town)
    promising.promise(town)
    say("hours", 0, 1)
    hours.keep_hours(town)
    town.pictures = photos()
    old = history.cases(town)
    for number, case in enumerate(old):
        say("history", number, len(old))
        history.tell(case)
    new = [Case(town, operation) for operation in town.data["operations"]]
    for number, operation in enumerate(new):
        say("operations", number, len(new))
        tell(operation)
    following.follow_up([*old, *new])
    acting.act(town)
    observing.remark(town)
    observing.picture(town)
    for one in (*old, *new):
        promising.serve(one)
    promising.count_all(town)
    evaluating.evaluate(town)
    disclosures.hand_over(town, new)
    records.examine(town, new)
    usual.put_by(town, new)
    founding.say_goodbye(town)
    campaigning.plan_a_campaign(town)
    let_go(town, frozenset({SEND_DELIVERIES}))
    invited.invite_somebody(town)
    asking.ask_for_an_evening(town, new)
    colleagues.let_one_leave_and_one_be_away(town)
    return Practice(tuple(people), frozenset(case.id for case in (*old, *new)))


def tell(case: Case) -> None:
    """Let one operation happen as far as its state says."""
    planning.propose(case)
    planning.write_order(case)
    if case.said.get("ad_hoc"):
        planning.answer_on_the_spot(case)
    else:
        plan(case)
    if case.past("ongoing") and case.state != "cancelled":
        go(case)


def plan(case: Case) -> None:
    """Prepare, staff, invite and confirm it."""
    if not case.past("preparing"):
        return
    planning.prepare(case)
    if not case.past("scheduled"):
        if case.said.get("clash"):
            planning.wish(case)
        return
    planning.ask_people(case)
    planning.schedule(case)
    letters.write_before(case)
    if case.past("invited"):
        gather(case)
    if case.state == "cancelled":
        inviting.call_off(case)
        inviting.deliver(case, case.said["cancelled"]["day"], case.said["cancelled"]["at"])


def gather(case: Case) -> None:
    """Invite, take the answers, confirm; what was moved is asked again."""
    inviting.invite(case)
    monday = case.monday + 7
    if "replies" not in case.said:
        inviting.deliver(case, case.monday + 4, "09:05")
        if case.state != "cancelled":
            inviting.accept(case, monday)
            inviting.confirm(case, monday)
            inviting.stand_back(case)
            if not case.past("ongoing"):
                inviting.exchange_numbers(case, monday)
    inviting.change(case)
    if "replies" in case.said:
        inviting.reply(case)
    elif "moves" in case.said:
        inviting.deliver(case, case.said["moves"][-1]["day"])


def go(case: Case) -> None:
    """Let the evening happen, and what comes after it."""
    evening.begin(case)
    for stop in case.stops:
        evening.visit(case, stop)
    if case.state == "aborted":
        afterwards.hand_in_on_site(case)
    evening.end(case)
    afterwards.count(case)
    deciding.decide(case)
    letters.write_after(case)
    if not case.past("done"):
        return
    last = afterwards.hand_in_parts(case)
    if case.past("reported"):
        afterwards.report(case, last)
    if case.past("compiled"):
        afterwards.compile_(case, last, case.said.get("debriefed_day"))
