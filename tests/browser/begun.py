"""What people begin, so that its pages are there to be looked at: lists half brought in, a job, templates."""

from __future__ import annotations

import re
import time
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from samsyn.cli.practice.invited import ADDRESS
from tests.browser.conftest import Running
from tests.browser.desk import Desk
from tests.browser.outsiders import every_text, mails_to

HEAD: Final = "Verksamhetens namn;Verksamhetsutövare;Org.nr;Besöksadress;Postnr;Ort;SNI\n"
GOOD: Final = "Kiosk Provbild;Provbildens Påhittade AB;559999-0453;Övningsgränd 181;732 31;Arboga;47.621\n"
FAULTY: Final = "Kiosk Felskrift;Felskriftens AB;559999-9999;Övningsgränd 182;732;Arboga;4\n"


def begin(browser: Browser, service: Running, planner: dict[str, Any]) -> list[str]:
    """Begin one of each as a planner; return the paths that came of it."""
    desk = Desk(browser, service, planner)
    try:
        made = [*lists(desk), job(desk), *templates(desk, service, planner), *campaign(desk), offer(service)]
    finally:
        desk.context.close()
    checklist(browser, service)
    return made


def lists(desk: Desk) -> list[str]:
    """One list with faults, left at its columns and its preview; one that went through, left at its result."""
    desk.go("/import/businesses")
    desk.send("/import/businesses", pasted=HEAD + GOOD + FAULTY)
    columns = here(desk)
    desk.send("/columns")
    faulty = here(desk)
    desk.go("/import/businesses")
    desk.send("/import/businesses", pasted=HEAD + GOOD)
    desk.send("/columns")
    desk.send("/preview", button='[value="write"]')
    return [columns, faulty, here(desk)]


def job(desk: Desk) -> str:
    """A compilation of every dossier."""
    desk.go("/dossiers")
    desk.send("/dossiers/compile")
    return here(desk)


def templates(desk: Desk, service: Running, planner: dict[str, Any]) -> list[str]:
    """An operation kept as a template; the list of templates leads on from there."""
    from tests.browser.pages import operation_states

    done = next(look.path for look in operation_states(service, planner) if look.variant == "done")
    desk.go(f"{done}/template")
    desk.send("/template", name="Krogkväll, provbild")
    return ["/templates"]


def campaign(desk: Desk) -> list[str]:
    """A campaign of the kiosks with a plan, and one of its businesses."""
    desk.go("/campaigns/new?all=1&begins_with=Kiosk")
    desk.send("/campaigns/new", name="Kiosker, provbild", meeting_places="Busstorget, provbild")
    path = here(desk)
    desk.send("/plan", budget="1000")
    for _ in range(120):
        if "Publicera de markerade" in desk.go(path):
            break
        time.sleep(0.5)
    return [path, "/campaigns/new?all=1&begins_with=Kiosk"]


def checklist(browser: Browser, service: Running) -> None:
    """A draft of a checklist, whose page the list leads on to."""
    desk = Desk(browser, service, next(one for one in service.persons if "unit_admin" in one["roles"]))
    try:
        desk.go("/checklists")
        desk.send("/checklists")
    finally:
        desk.context.close()


def offer(service: Running) -> str:
    """The link that somebody new has in the mailbox."""
    for _ in range(60):
        for mail in mails_to(service, {"email": ADDRESS}):
            if found := re.search(r"/inbjudan/\w+", "".join(every_text(mail))):
                return found[0]
        time.sleep(0.5)
    raise AssertionError("no letter to who is invited")


def here(desk: Desk) -> str:
    return urlsplit(desk.page.url).path
