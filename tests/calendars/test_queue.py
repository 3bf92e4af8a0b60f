"""Answers that a planner has to look at: each is one press, and none changes anything by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from samsyn.core.errors import ConflictError, NotAllowedError, NotFoundError
from samsyn.core.keys import load_keys
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import POST_OFFICE, Viewer
from samsyn.embedded.postbox import Mailbox
from samsyn.lifecycle.held import hold
from samsyn.lifecycle.reply_queue import (
    QueueLine,
    count_as_answer,
    leave_as_it_is,
    move_as_asked,
    queue_of,
    replace_as_asked,
)
from samsyn.lifecycle.service import Reschedule, reschedule
from samsyn.lifecycle.waiting.queries import waiting_for
from samsyn.lifecycle.waiting.rules import Waits
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState
from tests.calendars.answering import Post, Scene, inbound, scene_of
from tests.calendars.box import settings
from tests.factories import START, Office, Town, hours
from tests.lifecycle.walk import walk_to

DOMAIN = "samsyn.example"
OURS = "mx.samsyn.example"
STRANGER = "nagon@annanstans.example"
NOBODYS = f"svar+{'a' * 16}@{DOMAIN}"


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Post]:
    server = Mailbox.start(folder / "box", domain=DOMAIN)
    said = {"INBOUND_URL": server.inbound_url, "MAIL_DOMAIN": DOMAIN, "TRUSTED_AUTHSERV": OURS}
    with settings(monkeypatch, folder, server.smtp_url, **said):
        yield Post(server, load_keys(folder / "keys.json"))
    server.stop()


@pytest.fixture
def scene(town: Town, post: Post) -> Scene:
    return scene_of(town, post, walk_to(town, OperationState.INVITED))


def queue(scene: Scene, office: Office) -> list[QueueLine]:
    with unit_of_work(scene.town.planner(office)) as uow:
        return queue_of(uow)


def waits(scene: Scene, office: Office) -> list[UUID | None]:
    with unit_of_work(scene.town.planner(office)) as uow:
        return [item.subject for item in waiting_for(uow).items if item.waits is Waits.REPLY]


def counter(scene: Scene, *, by: int = 24, zone: str = "") -> int:
    """The person asks for a time that begins so many hours after the one in the invitation."""
    starts = scene.invitation.event["DTSTART"].dt + hours(by)
    ends = starts + hours(2)
    raw = scene.reply("TENTATIVE", METHOD="COUNTER", COMMENT="hellre dagen efter").decode()
    z = "" if zone else "Z"
    said = f"DTSTART{zone}:{starts:%Y%m%dT%H%M%S}{z}\r\nDTEND{zone}:{ends:%Y%m%dT%H%M%S}{z}\r\nEND:VEVENT"
    to, sender = scene.address, scene.invitation.recipient
    return scene.post.put(raw.replace("END:VEVENT", said).encode(), sender=sender, to=to)


def delegate(scene: Scene, address: str) -> int:
    raw = scene.reply("DELEGATED").decode()
    said = f'PARTSTAT=DELEGATED;DELEGATED-TO="mailto:{address}"'
    to, sender = scene.address, scene.invitation.recipient
    return scene.post.put(raw.replace("PARTSTAT=DELEGATED", said).encode(), sender=sender, to=to)


def test_another_time_waits_for_the_lead_and_is_granted_in_one_press(scene: Scene) -> None:
    before = scene.everything()
    assert counter(scene) == 1
    assert scene.everything() == before  # the operation's row too
    assert queue(scene, scene.town.tobacco) == queue(scene, scene.town.environment) == []
    (line,) = queue(scene, scene.town.police)
    assert line.reply.comment == "hellre dagen efter"
    assert line.moves_to == line.operation.starts_at + hours(24)
    assert waits(scene, scene.town.police) == [line.reply.id]
    with unit_of_work(scene.town.planner(scene.town.police)) as uow:
        hold(uow, move_as_asked(uow, line.reply.id), 0)
    with unit_of_work(scene.town.planner(scene.town.police)) as uow:
        assert get_operation(uow, scene.walk.operation).starts_at == line.moves_to
    assert queue(scene, scene.town.police) == []
    assert waits(scene, scene.town.police) == []


def test_a_time_that_nobody_can_read_is_shown_as_that_and_moves_nothing(scene: Scene) -> None:
    counter(scene, zone=";TZID=Ingenstans/Allra")
    (line,) = queue(scene, scene.town.police)
    assert (line.reply.wished, line.moves_to) == (None, None)
    with unit_of_work(scene.town.planner(scene.town.police)) as uow, pytest.raises(ConflictError):
        move_as_asked(uow, line.reply.id)


def test_a_wish_for_an_old_time_is_gone_when_the_operation_has_moved(scene: Scene) -> None:
    counter(scene)
    with unit_of_work(scene.town.planner(scene.town.police)) as uow:
        seen = get_operation(uow, scene.walk.operation).version
        reschedule(uow, Reschedule(scene.walk.operation, START + hours(2), seen))
    assert queue(scene, scene.town.police) == []


def test_a_colleague_who_is_named_is_asked_instead_by_the_own_planner(scene: Scene) -> None:
    colleague = scene.town.tobacco.inspectors[1]
    with unit_of_work(Viewer.task_of(scene.town.tobacco.id)) as uow:
        address = uow.session.scalar(text("SELECT address FROM staff_address WHERE person_id = :p"), {"p": colleague})
    delegate(scene, str(address).upper())
    assert queue(scene, scene.town.police) == []  # who goes is the own authority's
    (line,) = queue(scene, scene.town.tobacco)
    assert line.reply.colleague_id == colleague
    assert line.colleague
    with unit_of_work(scene.town.planner(scene.town.tobacco)) as uow:
        hold(uow, replace_as_asked(uow, line.reply.id), 0)
    states = scene.states()
    assert states[scene.person][0] == "withdrawn"
    assert states[colleague][0] == "asked"
    assert queue(scene, scene.town.tobacco) == []


def test_somebody_outside_is_never_kept_nor_asked(scene: Scene) -> None:
    delegate(scene, STRANGER)
    (line,) = queue(scene, scene.town.tobacco)
    assert (line.reply.colleague_id, line.colleague) == (None, "")
    with unit_of_work(scene.town.planner(scene.town.tobacco)) as uow:
        assert uow.session.scalar(text("SELECT count(*) FROM reply_wish")) == 0
        with pytest.raises(ConflictError):
            replace_as_asked(uow, line.reply.id)


def test_an_answer_from_another_address_counts_when_the_own_planner_says_so(scene: Scene) -> None:
    scene.answer("ACCEPTED", FROM=STRANGER, COMMENT="från min egen adress")
    assert scene.states()[scene.person] == ("asked", "asked")
    (line,) = queue(scene, scene.town.tobacco)
    assert line.counts
    with unit_of_work(scene.town.planner(scene.town.police)) as uow, pytest.raises(NotFoundError):
        count_as_answer(uow, line.reply.id)
    with unit_of_work(scene.town.planner(scene.town.tobacco)) as uow:
        count_as_answer(uow, line.reply.id)
    assert scene.states()[scene.person] == ("accepted", "accepted")
    assert queue(scene, scene.town.tobacco) == []
    assert [one.way for one in scene.replies(scene.town.police) if one.decision == "applied"] == ["colleague"]


def test_what_is_left_as_it_is_waits_no_more_and_nobody_elses_press_settles_it(scene: Scene) -> None:
    counter(scene)
    (line,) = queue(scene, scene.town.police)
    before = scene.everything()
    for stranger in (scene.town.tobacco, scene.town.environment, scene.town.outsider):
        with unit_of_work(scene.town.planner(stranger)) as uow, pytest.raises(NotFoundError):
            leave_as_it_is(uow, line.reply.id)
    with unit_of_work(scene.town.inspector(scene.town.police)) as uow, pytest.raises(NotAllowedError):
        move_as_asked(uow, line.reply.id)
    with unit_of_work(scene.town.planner(scene.town.police)) as uow:
        leave_as_it_is(uow, line.reply.id)
    assert queue(scene, scene.town.police) == []
    assert scene.everything() == before
    with unit_of_work(scene.town.planner(scene.town.police)) as uow, pytest.raises(NotFoundError):
        leave_as_it_is(uow, line.reply.id)


def vouched(scene: Scene, domain: str, **changes: str) -> bytes:
    """A yes that came to no person's address, above which our mail server wrote what it thinks of the sender."""
    raw = scene.reply("ACCEPTED", TO=NOBODYS, **changes)
    return f"Authentication-Results: {OURS}; dmarc=pass header.from={domain}\r\n".encode() + raw


def test_without_the_persons_address_a_sender_who_is_vouched_for_waits_and_is_not_applied(scene: Scene) -> None:
    to, domain = NOBODYS, scene.invitation.recipient.rpartition("@")[2]
    before = scene.everything()
    scene.post.put(vouched(scene, domain), sender=scene.invitation.recipient, to=to)
    assert scene.everything() == before
    (line,) = queue(scene, scene.town.tobacco)
    assert line.reply.reason == "without_token"
    assert line.counts


@pytest.mark.parametrize("forged", [{"FROM": STRANGER}, {"UID": f"{uuid4()}@samsyn.invalid"}], ids=["sender", "uid"])
def test_a_stranger_who_is_vouched_for_or_a_name_that_is_none_ends_with_the_post_office(
    scene: Scene, forged: dict[str, str]
) -> None:
    before, domain = len(inbound(POST_OFFICE)), forged.get("FROM", scene.invitation.recipient).rpartition("@")[2]
    scene.post.put(vouched(scene, domain, **forged), sender=STRANGER, to=NOBODYS)
    assert [decision for decision, *_ in inbound(POST_OFFICE)[before:]] == ["quarantine"]
    assert queue(scene, scene.town.tobacco) == []


def test_without_a_vouching_mail_server_the_right_sender_ends_there_too(scene: Scene) -> None:
    before = len(inbound(POST_OFFICE))
    raw = scene.reply("ACCEPTED", TO=NOBODYS)
    forged = b"Authentication-Results: mx.elsewhere.example; dmarc=pass\r\n" + raw
    scene.post.put(forged, sender=scene.invitation.recipient, to=NOBODYS)
    assert [decision for decision, *_ in inbound(POST_OFFICE)[before:]] == ["quarantine"]


def test_several_wait_the_newest_first(scene: Scene) -> None:
    for n in range(3):
        counter(scene, by=24 + n)
    wished = [line.moves_to for line in queue(scene, scene.town.police)]
    assert wished == sorted(wished, key=str, reverse=True)
    assert len(set(wished)) == 3
