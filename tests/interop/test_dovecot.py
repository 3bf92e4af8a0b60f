"""Answers over IMAP from a real server: the plus address is kept, each mail counts once (CALENDARS 2.3)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from samsyn.core.keys import load_keys
from samsyn.embedded.postbox import Mailbox
from samsyn.operations.rules import OperationState
from samsyn_workers.calendars import receive_mail
from tests.calendars.answering import Post, scene_of
from tests.calendars.box import settings
from tests.factories import Town
from tests.interop.dovecot import Dovecot, open_dovecot
from tests.lifecycle.walk import walk_to

pytestmark = pytest.mark.interop
DOMAIN = "samsyn.example"


@dataclass
class OverImap(Post):
    """What goes out by SMTP, as ever; what comes in by LMTP and IMAP."""

    dovecot: Dovecot

    def put(self, raw: bytes, *, sender: str, to: str) -> int:
        self.dovecot.take(raw, sender, to)
        return int(receive_mail())


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[OverImap]:
    server = Mailbox.start(folder / "box", domain=DOMAIN)
    try:
        with (
            open_dovecot() as dovecot,
            settings(monkeypatch, folder, server.smtp_url, INBOUND_URL=dovecot.url, MAIL_DOMAIN=DOMAIN),
        ):
            yield OverImap(server, load_keys(folder / "keys.json"), dovecot)
    finally:
        server.stop()


def test_each_answer_is_taken_in_once_and_a_forgery_changes_nothing(town: Town, post: OverImap) -> None:
    scene = scene_of(town, post, walk_to(town, OperationState.INVITED))
    others = {person: state for person, state in scene.states().items() if person != scene.person}
    for partstat, state in (("ACCEPTED", "accepted"), ("DECLINED", "declined"), ("ACCEPTED", "accepted")):
        time.sleep(1.1)  # stamps have whole seconds, and of two with the same one the first counts
        assert scene.answer(partstat, COMMENT="åäö på kvällen") == 1
        assert scene.states() == {**others, scene.person: (state, state)}
    assert receive_mail() == 0, "what was read is read once"
    assert scene.answer("DECLINED", FROM="nagon@annanstans.example") == 1
    assert scene.states()[scene.person] == ("accepted", "accepted")
    assert {line.comment for line in scene.replies(town.police) if line.decision == "applied"} == {"åäö på kvällen"}
    assert len(post.sent()) == len(others) + 1, "nothing was sent in answer"
