"""Every page that a person can come to: found by following links from each role's start page, by the app's own map."""

from __future__ import annotations

import re
import uuid
from collections import Counter, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import requests
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from samsyn.core.keys import make_key_file
from samsyn.core.settings import Settings
from samsyn.web.app import create_app
from tests.browser.conftest import Running

NOT_PAGES: Final = {
    "/healthz": "for machines",
    "/readyz": "for machines",
    "/metrics": "for machines",
    "/static/<seen>/<path:name>": "files",
    "/field-worker.js": "the phone's worker",
    "/field.webmanifest": "for the phone's home screen",
    "/cal/<token>.ics": "a calendar",
    "/fb/<token>.ifb": "a calendar's times",
    "/businesses/import": "an older address that leads on",
    **dict.fromkeys(
        ("/sign-in/with/<name>", "/sign-in/with/<name>/callback", "/sign-in/with/<name>/leave"), "leads to a provider"
    ),
    "/settings/identities/new/<name>": "leads to a provider",
    "/settings/identities/new": "after a provider has vouched for somebody: looked at in test_provider_sign_in.py",
    "/retention/runs/<uuid:run_id>": "a protocol of removal: nothing of the town has been removed",
    **dict.fromkeys(
        ("/quarantine/<uuid:late_id>", "/quarantine/<uuid:late_id>/picture"),
        "what an ended phone handed over: no phone of the town has; looked at in test_handed_over.py",
    ),
    "/agreements/<uuid:agreement_id>/files/<uuid:file_id>": "a document to download",
    "/sign-in/code": "after the password of somebody with a code in the phone: nobody of the town has one",
}
"""GET routes outside the API that show nobody a page; each with its reason."""
PER_RULE: Final = (3, 1)
"""How many addresses of one rule are opened while looking for further rules: by the first person, by everybody else."""
MORE: Final = {
    "/campaigns/<uuid:campaign_id>": 8,
    "/evaluations/<uuid:evaluation_id>": 12,
    "/mailbox/<name>": 12,
    "/pledges": 16,
    "/pledges/<uuid:pledge_id>/evaluations": 6,
    "/visits/<uuid:visit_id>/entry": 20,
}
"""Rules of which many addresses lead nowhere further: a campaign without a plan, a visit of another authority's law, a
pledge that is not evaluated, a promise's rows, a quarter, which nobody publishes, a mail that asks for no answer."""
STATES: Final = "/operations/<uuid:operation_id>"
MENU_HEADING: Final = re.compile(r"\.(?:xlsx|csv|json|yaml|pdf|ics|svg|png)$")


class Links(HTMLParser):
    """The addresses that a page links to, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and (href := dict(attrs).get("href")):
            self.found.append(href)


@dataclass(frozen=True)
class Look:
    """One page to look at: its rule, as whom, and what sets it apart from others of the same rule."""

    rule: str
    path: str
    person: str
    variant: str = ""

    @property
    def name(self) -> str:
        """A file name: the rule in words."""
        words = re.sub(r"<[^>]*>", "x", self.rule).strip("/").replace("/", "-") or "start"
        return f"{words}{'-' + self.variant if self.variant else ''}"


@dataclass
class Crawl:
    """What was found: the looks, the rules that nobody's links lead to, and addresses that did not answer 200."""

    looks: list[Look] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def url_map(folder: Path) -> MapAdapter:
    """The application's own routes."""
    folder.mkdir(exist_ok=True)
    make_key_file(folder / "keys.json")
    address = "postgresql://nobody"
    settings = Settings(database_url=address, redis_url="redis://nobody", smtp_url="smtp://nobody", data_dir=folder)
    return create_app(settings, bind_database=False).url_map.bind("localhost")


def page_rules(adapter: MapAdapter) -> set[str]:
    """GET routes for people: not the API, not machines', no files to download."""
    rules = {r.rule for r in adapter.map.iter_rules() if "GET" in (r.methods or ())}
    return {r for r in rules if not r.startswith("/api/v1") and r not in NOT_PAGES and not MENU_HEADING.search(r)}


def sign_in(service: Running, person: dict[str, Any]) -> requests.Session:
    """A session of that person."""
    session = requests.Session()
    token = re.search(r'name="csrf_token" value="([^"]+)"', session.get(f"{service.url}/sign-in", timeout=20).text)
    assert token is not None
    data = {"csrf_token": token[1], "address": person["email"], "password": person["password"], "next": "/"}
    answer = session.post(f"{service.url}/sign-in", data=data, timeout=20, allow_redirects=False)
    assert answer.status_code == 303, answer.text
    return session


def crawl(service: Running, people: list[dict[str, Any]], folder: Path, *, seeds: tuple[str, ...] = ()) -> Crawl:
    """Follow every link as each person; one look per rule, and per role where the page differs by role."""
    adapter, result = url_map(folder), Crawl()
    seen: set[tuple[str, str]] = set()
    states = [look for person in people if "planner" in person["roles"] for look in operation_states(service, person)]
    for person in people:
        own = tuple(look.path for look in states if look.person == person["email"])
        follow(service, person, adapter, result, seen, (*own, *seeds) if person is people[0] else own)
    result.looks += {look.variant: look for look in reversed(states)}.values()
    result.looks += [
        Look("/sign-in", "/sign-in", ""),
        Look("/subscribe", "/subscribe?of=operations", people[0]["email"], "operations"),
        Look("/field", "/field", people[0]["email"]),  # with nothing packed; packed: test_offline.py
        Look("/nobody", "/no-such-page", people[0]["email"], "404"),
        Look(STATES, f"/operations/{uuid.uuid4()}", people[0]["email"], "hidden"),
    ]
    reached = {look.rule for look in result.looks}
    result.unreached = sorted(page_rules(adapter) - reached)
    return result


def follow(
    service: Running,
    person: dict[str, Any],
    adapter: MapAdapter,
    result: Crawl,
    seen: set[tuple[str, str]],
    seeds: tuple[str, ...],
) -> None:
    """Open what one person's pages link to, breadth first, a few addresses per rule."""
    session, opened, wanted = sign_in(service, person), Counter[str](), page_rules(adapter)
    queue, most = deque([*seeds, "/"]), PER_RULE[bool(seen)]
    queued = dict.fromkeys(queue, "a seed")
    while queue:
        path = queue.popleft()
        rule = rule_of(adapter, path)
        if rule not in wanted or (opened[rule] >= MORE.get(rule, most) and path not in seeds):
            continue
        opened[rule] += 1
        answer = session.get(service.url + path, timeout=30)
        if "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        if answer.status_code != 200:
            result.broken.append(f"{answer.status_code} {rule} as {person['email']}, linked from {queued[path]}")
            continue
        variant = "-".join(sorted(person["roles"])[:2]) if rule == "/" else ""
        if (rule, variant) not in seen and not answer.history:
            seen.add((rule, variant))
            result.looks.append(Look(rule, path, person["email"], variant))
        links = Links()
        links.feed(answer.text)
        for href in links.found:
            target = urlsplit(urljoin(answer.url, href))
            there = target.path + (f"?{target.query}" if target.query else "")
            if target.netloc == urlsplit(service.url).netloc and there not in queued:
                queued[there] = path
                queue.append(there)


def rule_of(adapter: MapAdapter, path: str) -> str:
    """The rule that answers an address; empty for none."""
    try:
        rule, _ = adapter.match(urlsplit(path).path, method="GET", return_rule=True)
    except (HTTPException, RequestRedirect):
        return ""
    return rule.rule


def campaign(service: Running, person: dict[str, Any]) -> str:
    """The address of the first campaign that a planner reads."""
    asked = {"Authorization": f"Bearer {person['token']}"}
    said = requests.get(f"{service.url}/api/v1/campaigns", headers=asked, timeout=60).json()
    return f"/campaigns/{said['items'][0]['id']}"


def operation_states(service: Running, person: dict[str, Any]) -> list[Look]:
    """The operation page once in every state that the person's list holds."""
    found: dict[str, Look] = {}
    cursor: str | None = ""
    while cursor is not None:
        address = f"{service.url}/api/v1/operations?limit=200" + (f"&cursor={cursor}" if cursor else "")
        said = requests.get(address, headers={"Authorization": f"Bearer {person['token']}"}, timeout=30).json()
        for one in said["items"]:
            found.setdefault(one["state"], Look(STATES, f"/operations/{one['id']}", person["email"], one["state"]))
        cursor = said["next_cursor"]
    return list(found.values())
