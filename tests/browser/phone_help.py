"""Refused entry, help of the police and changes of role beside all else that two phones, and an officer's, do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from tests.browser.evenings import Caller
from tests.browser.phone_model import DOINGS, Hand, Model, save

ANSWERS: Final = ("coming", "cannot", "given")
OFFICERS: Final = ("role", "answer_help", "presence", "offline", "online", "fault", "kill")
"""What an officer's phone does: comes, changes role, answers who asks for help, and helps."""


@dataclass
class WithPolice(Model):
    """The same evening with an officer who goes; the officer's phone is ``police``."""

    doings: tuple[str, ...] = (*DOINGS, "refusal", "ask", "officer", "officer")
    helped: Counter[str] = field(default_factory=Counter)

    def refusal(self, hand: Hand) -> None:
        """Entry is refused; what was said is written once in the world."""
        text = self.mark()
        self.entry_of(hand)
        form = hand.page.locator('form[name="refuse"]')
        form.locator('[name="by_role"]').fill("En vakt")
        form.locator('[name="said"]').fill(text)
        save(hand.page, form, form.locator("button").click)
        self.note(hand.name, f"refusal {text}", text)

    def ask(self, hand: Hand) -> None:
        """Help is asked for."""
        text = self.mark()
        self.entry_of(hand)
        form = hand.page.locator('form[name="ask"]')
        form.locator('[name="law"]').select_option("ltlp_7_19")
        form.locator('[name="ground"]').select_option("powers")
        form.locator('[name="reason"]').fill(text)
        save(hand.page, form, form.locator("button").click)
        self.note(hand.name, f"help {text}", text)

    def officer(self, _: Hand) -> None:
        """The police's phone does something of its own."""
        if self.police is not None:
            getattr(self, self.chance.choice(OFFICERS))(self.police)

    def role(self, hand: Hand) -> None:
        """An officer goes over to another role, with a reason that is written once in the world."""
        text = self.mark()
        hand.page.evaluate("hash => { location.hash = hash; }", f"#presence/{self.evening.visit}")
        hand.page.locator('[data-note="came"]').wait_for()
        form = hand.page.locator("#view form")
        if form.locator("details[open]").count() == 0:
            form.locator("summary").click()
        form.locator('[name="police_role"]').select_option(self.chance.choice(["public_order", "own_supervision"]))
        form.locator('[name="reason"]').fill(text)
        save(hand.page, form, form.locator('[data-note="role"]').click)
        self.note(hand.name, f"role {text}", text)

    def answer_help(self, hand: Hand) -> None:
        """An officer answers one of the requests that the phone has fetched, or helps; no request: nothing."""
        self.entry_of(hand)
        cards = hand.page.locator('[data-list="asked"] > li', has=hand.page.locator("[data-answer]"))
        if cards.count() == 0:
            return
        card, what, text = cards.nth(self.chance.randrange(cards.count())), self.chance.choice(ANSWERS), self.mark()
        card.locator('[name="text"]').fill(text)
        save(hand.page, card, card.locator(f'[data-answer="{what}"]').click)
        self.note(hand.name, f"help answer {text}", text)
        self.helped[what] += 1

    def entry_of(self, hand: Hand) -> None:
        hand.page.evaluate("hash => { location.hash = hash; }", f"#entry/{self.evening.visit}")
        hand.page.locator('[data-list="asked"]').wait_for(state="attached")

    def compare(self) -> list[str]:
        """Return what is lost, doubled or from nowhere, of these too."""
        return super().compare() + self.compare_help()

    def compare_help(self) -> list[str]:
        """Each answer is there once; each help that was given goes with the officer's role of helping."""
        if self.police is None:
            return []
        asked = self.evening.lead.call("GET", f"/visits/{self.evening.visit}/help-requests")["items"]
        answers = [answer for one in asked for answer in one["answers"]]
        found = Counter(answer["what"] for answer in answers)
        faults = [f"{what}: {found[what]} of {n}" for what, n in self.helped.items() if found[what] != n]
        lines = self.evening.lead.call("GET", f"/visits/{self.evening.visit}/presence")["items"]
        roles = {line["id"]: line for line in lines if line["police_role"] == "assistance"}
        went = {answer["presence_id"] for answer in answers} - {None}
        return faults + [f"role without help, or help without role: {key}" for key in went ^ set(roles)]

    def texts(self) -> list[str]:
        """Every text that the server has of this evening, in whatever version."""
        caller, visit = self.evening.lead, f"/visits/{self.evening.visit}"
        texts = super().texts() + [one["said"] for one in caller.call("GET", f"{visit}/refusals")["items"]]
        asked = caller.call("GET", f"{visit}/help-requests")["items"]
        texts += [one["reason"] for one in asked] + [answer["text"] for one in asked for answer in one["answers"]]
        if self.evening.officer is None:
            return texts
        # by the officer: that the police went back from helping is read by the police alone
        lines = Caller(self.service, self.evening.officer).call("GET", f"{visit}/presence")["items"]
        return texts + [line["reason"] for line in lines if line["what"] == "role" and line["reason"] in self.marks]
