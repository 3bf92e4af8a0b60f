"""What two phones and a desk wrote, beside what the server has: nothing lost, nothing doubled, nothing from nowhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from random import Random
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Locator, Page, Route

from tests.browser.conftest import Running
from tests.browser.evenings import Caller, Evening, Phone

POINTS: Final = ("TOB-01", "TOB-02", "TOB-03", "TOB-04")  # few, so that the phones meet
QUESTIONS: Final = ("who_was_met", "opening_hours")
ITEMS: Final = """async () => {
  const open = indexedDB.open('samsyn-field');
  const db = await new Promise(done => { open.onsuccess = () => done(open.result); });
  const all = db.transaction('queue').objectStore('queue').getAll();
  const items = await new Promise(done => { all.onsuccess = () => done(all.result); });
  db.close();
  return items.map(item => ({id: item.id, kind: item.kind, state: item.state, at: item.at, why: item.why}));
}"""
DOINGS: Final = (
    *("answer",) * 5,
    *("fault",) * 3,
    *("offline",) * 2,
    *("free", "photo", "fact", "presence", "online", "kill", "reload", "desk", "choose"),
)
DONE: Final = 40
"""How often a phone is asked whether it has sent everything, a quarter of a second apart."""


@dataclass
class Hand:
    """One phone and what its network does to it: ``fault`` is what becomes of the next requests that write."""

    phone: Phone
    name: str
    fault: str = ""
    offline: bool = False

    def __post_init__(self) -> None:
        self.phone.context.route("**/api/v1/**", self.meddle)

    def meddle(self, route: Route) -> None:
        """Cut off before or after the server has written, or answer for it; what reads goes through."""
        if route.request.method == "GET" or not self.fault:
            route.continue_()
        elif self.fault == "before":
            route.abort()
        elif self.fault == "after":
            route.fetch()
            route.abort()
        else:
            route.fulfill(status=503, content_type="application/problem+json", body='{"code":"unavailable"}')

    @property
    def page(self) -> Page:
        return self.phone.page


@dataclass
class Model:
    """Everything that was written, by whom and at what; the last word of each hand on each thing must be there."""

    evening: Evening
    service: Running
    chance: Random
    hands: list[Hand]
    written: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    photos: Counter[str] = field(default_factory=Counter)
    presences: Counter[str] = field(default_factory=Counter)
    police: Hand | None = None
    doings: tuple[str, ...] = DOINGS
    n: int = 0
    marks: set[str] = field(default_factory=set)

    def mark(self) -> str:
        """A text that is written once in the world."""
        self.n += 1
        made = f"Ord {self.chance.getrandbits(40):x}-{self.n}"
        self.marks.add(made)
        return made

    def step(self) -> str:
        """Do one thing at random; return what, for whoever reads a failure."""
        hand = self.chance.choice(self.hands)
        what = self.chance.choice(self.doings)
        getattr(self, what)(hand)
        return f"{hand.name} {what} {hand.fault} {'off' if hand.offline else 'on'}"

    def note(self, hand: str, thing: str, text: str) -> None:
        self.written.setdefault((hand, thing), []).append(text)

    def answer(self, hand: Hand) -> None:
        code, text = self.chance.choice(POINTS), self.mark()
        card = self.card(hand, code)
        word = self.chance.choice(["ok", "deficiency", "not_applicable"])
        save(hand.page, card, lambda: fill(card, word, text))
        self.note(hand.name, code, text)

    def free(self, hand: Hand) -> None:
        text = self.mark()
        self.list_of(hand)
        card = hand.page.locator("form.cardform:has([value=observation])").last
        save(hand.page, card, lambda: fill(card, "observation", text))
        self.note(hand.name, f"free {text}", text)

    def photo(self, hand: Hand) -> None:
        code = self.chance.choice(POINTS)
        card = self.card(hand, code)
        if card.locator("input[type=radio]:checked").count() == 0:
            text = self.mark()
            save(hand.page, card, lambda: fill(card, "ok", text))
            self.note(hand.name, code, text)
        picture = BytesIO()
        side = self.chance.choice((16, 16, 800))  # one of three is so large that it goes in parts
        Image.frombytes("RGB", (side, side), self.chance.randbytes(side * side * 3)).save(picture, "PNG")
        chosen = {"name": "bild.png", "mimeType": "image/png", "buffer": picture.getvalue()}
        save(hand.page, card, lambda: card.locator("input[type=file]").set_input_files(chosen))  # type: ignore[arg-type]
        self.photos[code] += 1

    def fact(self, hand: Hand) -> None:
        question, text = self.chance.choice(QUESTIONS), self.mark()
        self.list_of(hand)
        form = hand.page.locator(f'form.cardform[data-key$=":{question}"]')
        save(hand.page, form, lambda: fill(form, "", text))
        self.note(hand.name, question, text)

    def presence(self, hand: Hand) -> None:
        what = self.chance.choice(["came", "left"])
        hand.page.evaluate("hash => { location.hash = hash; }", f"#presence/{self.evening.visit}")
        button = hand.page.locator(f'[data-note="{what}"]')
        button.wait_for()
        save(hand.page, hand.page.locator("#view form"), button.click)
        self.presences[what] += 1

    def offline(self, hand: Hand) -> None:
        hand.offline = True
        hand.phone.context.set_offline(True)

    def online(self, hand: Hand) -> None:
        hand.offline, hand.fault = False, ""
        hand.phone.context.set_offline(False)
        hand.page.wait_for_timeout(self.chance.choice([0, 300, 2500]))

    def fault(self, hand: Hand) -> None:
        hand.fault = self.chance.choice(["before", "after", "after", "busy"])
        self.queue_of(hand)
        hand.page.locator('[data-do="send"]').click()
        hand.page.wait_for_timeout(self.chance.choice([100, 800]))

    def kill(self, hand: Hand) -> None:
        hand.phone.kill()
        hand.page.locator("#view[data-name]").wait_for()

    def reload(self, hand: Hand) -> None:
        hand.page.reload()
        hand.page.locator("#view[data-name]").wait_for()

    def desk(self, _: Hand) -> None:
        """Somebody at a desk changes what stands, having seen it."""
        code, text = self.chance.choice(POINTS), self.mark()
        point = self.points()[code]
        body = {
            "finding_id": point["key"],
            "check_point": code,
            "base_version": point["answer"]["version"] if point["answer"] else 0,
            "answer": "ok",
            "observed_at": "2026-11-30T18:00:00+01:00",
            "text": text,
        }
        self.evening.lead.call("POST", f"/parts/{self.evening.part}/findings", body)
        self.note("desk", code, text)

    def choose(self, hand: Hand) -> None:
        """Choose between two texts where the phone shows some; what is chosen gets a word of its own."""
        self.queue_of(hand)
        links = hand.page.locator('a[href^="#choose/"]')
        if links.count() == 0:
            return
        links.first.click()
        form = hand.page.locator("#view form")
        if form.locator(".ver").count() == 0:
            return
        code, text = (form.locator("legend").inner_text().split() or [""])[0], self.mark()
        form.locator("textarea").fill(text)
        save(hand.page, form, lambda: hand.page.locator('[data-do="save-choice"]').click())
        self.note(hand.name, code if code in POINTS else f"free {text}", text)

    def list_of(self, hand: Hand) -> None:
        hand.page.evaluate("hash => { location.hash = hash; }", f"#part/{self.evening.part}")
        hand.page.locator("form.cardform .seg").first.wait_for()

    def queue_of(self, hand: Hand) -> None:
        hand.page.evaluate("() => { location.hash = '#queue'; }")
        hand.page.locator('[data-do="send"]').wait_for()

    def card(self, hand: Hand, code: str) -> Locator:
        self.list_of(hand)
        found = hand.page.locator("form.cardform", has=hand.page.locator(f'.ref .num:text-is("{code}")'))
        fold = found.locator("details.more-of:not([open]) > summary")
        if fold.count() and fold.is_visible():
            fold.click()
        return found

    def points(self) -> dict[str, dict[str, Any]]:
        said = self.evening.lead.call("GET", f"/operations/{self.evening.operation}/evening")
        [part] = said["visits"][0]["mine"]
        return {point["code"]: point for point in part["checklist"]["points"]}

    def settle(self) -> None:
        """Coverage comes back for good, and everything is sent."""
        for hand in (*self.hands, *([self.police] if self.police else [])):
            self.online(hand)
            self.queue_of(hand)
            for _ in range(DONE):
                if not unsent(hand):
                    break
                hand.page.locator('[data-do="send"]').click()
                hand.page.wait_for_timeout(250)
            assert unsent(hand) == [], hand.name

    def compare(self) -> list[str]:
        """Return what is lost, doubled or from nowhere."""
        there = Counter(self.texts())
        wanted = {texts[-1] for texts in self.written.values()}
        known = {text for texts in self.written.values() for text in texts}
        faults = [f"lost: {text}" for text in wanted if there[text] == 0]
        faults += [f"{n} times: {text}" for text, n in there.items() if n > 1]
        faults += [f"from nowhere: {text}" for text in there if text not in known]
        pictures = Counter(
            {code: point["answer"]["pictures"] for code, point in self.points().items() if point["answer"]}
        )
        noted = Counter(
            line["what"] for line in self.evening.lead.call("GET", f"/visits/{self.evening.visit}/presence")["items"]
        )
        faults += [f"{what}: {noted[what]} of {n}" for what, n in self.presences.items() if noted[what] != n]
        return faults + [
            f"{code}: {pictures[code]} of {n} photos" for code, n in self.photos.items() if pictures[code] != n
        ]

    def texts(self) -> list[str]:
        """Every text that the server has of this evening, in whatever version."""
        caller: Caller = self.evening.lead
        found = caller.call("GET", f"/visits/{self.evening.visit}/findings")["items"]
        histories = [caller.call("GET", f"/findings/{one['finding_id']}")["versions"] for one in found]
        facts = caller.call("GET", f"/visits/{self.evening.visit}/facts")["items"]
        return [line["text"] for history in histories for line in history] + [fact["answer"] for fact in facts]


FILL: Final = """(form, [word, text]) => {
  const answer = form.querySelector(`input[value="${word}"]`), area = form.querySelector('textarea');
  area.focus();
  if (answer) answer.checked = true;
  area.value = text;
  area.dispatchEvent(new Event('input', {bubbles: true}));
  area.blur();
}"""
"""Answer and text in one stroke: pressed one by one, the old text under the new answer is a version of its own."""


def unsent(hand: Hand) -> list[dict[str, Any]]:
    """Return what of a phone's queue has no receipt yet."""
    return [item for item in hand.page.evaluate(ITEMS) if item["state"] != "received"]


def fill(card: Locator, word: str, text: str) -> None:
    card.evaluate(FILL, [word, text])


def save(page: Page, card: Locator, how: Any) -> None:
    """Do something on a card and wait until the phone has it: from then on nothing may lose it."""
    before = {(item["id"], item["at"]) for item in page.evaluate(ITEMS)}
    how()
    for _ in range(60):
        page.wait_for_timeout(50)
        idle = not card.evaluate_all("cards => cards.some(card => card.hasAttribute('data-typing'))")
        if idle and {(item["id"], item["at"]) for item in page.evaluate(ITEMS)} - before:
            return
    raise AssertionError("the phone has not kept it within three seconds")
