"""Answers by mail, the whole way: invitation out, reply through the mailbox's SMTP, Maildir, task, rows."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from samsyn.core.keys import load_keys
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import POST_OFFICE
from samsyn.embedded.postbox import Mailbox
from samsyn.lifecycle.service import Reschedule, reschedule
from samsyn.operations.queries import get_operation
from samsyn.operations.rules import OperationState
from samsyn_workers.calendars import receive_mail
from samsyn_workers.lifecycle import weigh
from tests.calendars.answering import Post, Scene, bounced, fares, inbound, scene_of, send_all
from tests.calendars.box import settings
from tests.factories import START, Town, hours
from tests.lifecycle.walk import walk_to

DOMAIN = "samsyn.example"
STRANGER = "nagon@annanstans.example"
AHEAD = "20991231T080000Z"
"""A sender's clock that runs ahead: counts as the time of arrival."""


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Post]:
    server = Mailbox.start(folder / "box", domain=DOMAIN)
    with settings(monkeypatch, folder, server.smtp_url, INBOUND_URL=server.inbound_url, MAIL_DOMAIN=DOMAIN):
        yield Post(server, load_keys(folder / "keys.json"))
    server.stop()


@pytest.fixture
def scene(town: Town, post: Post) -> Scene:
    return scene_of(town, post, walk_to(town, OperationState.INVITED))


@pytest.mark.parametrize(
    ("partstat", "before", "after"),
    [
        ("ACCEPTED", None, ("accepted", "accepted")),
        ("DECLINED", True, ("declined", "declined")),
        ("TENTATIVE", True, ("asked", "asked")),
    ],
)
def test_an_answer_changes_exactly_that_persons_place_and_booking(
    scene: Scene, partstat: str, before: bool | None, after: tuple[str, str]
) -> None:
    if before:
        scene.walk.say(scene.town, scene.town.tobacco, accepted=True)
    others = {person: state for person, state in scene.states().items() if person != scene.person}
    assert scene.answer(partstat) == 1
    assert scene.states() == {**others, scene.person: after}
    (line,) = scene.replies(scene.town.police)
    assert (line.said, line.via, line.verified, line.decision) == (partstat.lower(), "mail", False, "applied")
    assert len(scene.post.sent()) == 3  # nothing was sent in answer


def test_a_no_that_breaks_the_quorum_takes_a_confirmed_operation_back_and_marks_it(town: Town, post: Post) -> None:
    scene = scene_of(town, post, walk_to(town, OperationState.CONFIRMED))
    assert scene.answer("DECLINED") == 1
    weigh(acts_for=str(town.police.id))
    assert weigh(acts_for=str(town.police.id)) == 0
    with unit_of_work(town.planner(town.police)) as uow:
        card = get_operation(uow, scene.walk.operation)
        assert (card.state, card.in_danger) == (OperationState.INVITED, True)


def test_the_same_mail_twice_does_nothing_the_second_time(scene: Scene) -> None:
    raw = scene.reply("ACCEPTED", COMMENT="kommer gärna")
    to, sender = scene.address, scene.invitation.recipient
    scene.post.put(raw, sender=sender, to=to)
    after = scene.everything()
    assert scene.post.put(raw, sender=sender, to=to) == 1
    assert scene.everything() == after
    assert len(scene.replies(scene.town.tobacco)) == 1
    assert len(inbound(scene.town.tobacco.id)) == 1


def test_the_same_mail_read_by_two_workers_at_once_counts_once(scene: Scene) -> None:
    raw = scene.reply("ACCEPTED")
    for name in ("1.copy", "2.copy", "3.copy"):  # as a mailbox over IMAP would hand it to both
        (scene.post.server.folder / "inbound" / "new" / name).write_bytes(b"Delivered-To: x@y.example\r\n" + raw)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: receive_mail(), range(4)))
    receive_mail()  # what lost the race comes again
    assert scene.states()[scene.person] == ("accepted", "accepted")
    assert len(scene.replies(scene.town.police)) == len(inbound(scene.town.tobacco.id)) == 1
    assert list((scene.post.server.folder / "inbound" / "new").iterdir()) == []


def test_a_changed_mind_counts_and_the_older_answer_that_comes_late_does_not(scene: Scene) -> None:
    early = scene.reply("DECLINED", DTSTAMP="20261101T080000Z")
    early = early.replace(b"Date: ", b"X-Date: ")
    scene.answer("ACCEPTED")
    scene.post.put(early, sender=scene.invitation.recipient, to=scene.address)
    assert scene.states()[scene.person] == ("accepted", "accepted")
    scene.answer("DECLINED", DTSTAMP=AHEAD)
    assert scene.states()[scene.person] == ("declined", "declined")


FORGERIES = {
    "a wrong token": {"TO": f"svar+{'a' * 16}@{DOMAIN}"},
    "another sender": {"FROM": STRANGER},
    "another attendee": {"ATTENDEE": STRANGER},
    "a colleague's answer from a stranger": {"FROM": STRANGER, "ATTENDEE": STRANGER},
    "another UID": {"UID": f"{uuid4()}@samsyn.invalid"},
    "a number that was never sent": {"SEQUENCE": "7"},
    "an organiser's cancel": {"METHOD": "CANCEL"},
    "a new request": {"METHOD": "REQUEST"},
    "a counter-proposal": {"METHOD": "COUNTER"},
    "no address of ours": {"TO": f"svar+{'b' * 16}@{DOMAIN}", "FROM": STRANGER, "METHOD": "CANCEL"},
}


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forgery_changes_nothing_is_kept_for_a_look_and_is_never_answered(
    scene: Scene, forged: dict[str, str]
) -> None:
    before, mails = scene.everything(), len(scene.post.sent())
    post_before = len(inbound(POST_OFFICE))
    assert scene.answer("DECLINED", **forged) == 1
    send_all(scene.town)
    assert scene.everything() == before
    assert len(scene.post.sent()) == mails
    kept = inbound(scene.town.tobacco.id) + inbound(POST_OFFICE)[post_before:]
    assert [decision for decision, *_ in kept] in (["queue"], ["quarantine"])
    for line in scene.replies(scene.town.police):
        assert line.decision == "queue"


def test_another_persons_token_answers_for_nobody(scene: Scene) -> None:
    """The colleague of the environment office uses the right UID of tobacco's person with an own address."""
    other = scene.post.invitation(scene.town.environment.inspectors[0])
    to = str(other.message["From"]).partition("<")[2].rstrip(">")
    before = scene.everything()
    assert scene.answer("DECLINED", TO=to, FROM=other.recipient) == 1
    assert scene.everything() == before


def test_mail_of_unknown_senders_belongs_to_the_post_office_alone_and_is_sealed(scene: Scene) -> None:
    before = len(inbound(POST_OFFICE))
    offices = [*scene.town.offices, scene.town.outsider]
    marker = f"okänd{uuid4().hex}"
    scene.answer("DECLINED", TO=f"svar+{'c' * 16}@{DOMAIN}", FROM=STRANGER, COMMENT=marker)
    ((decision, reason, body, name),) = inbound(POST_OFFICE)[before:]
    assert (decision, reason) == ("quarantine", "unknown_token")
    assert body is not None
    assert name is not None
    assert marker.encode() not in body
    assert marker.encode() in scene.post.keys.decrypt("inbound", body, str(POST_OFFICE), name)
    assert [inbound(office.id) for office in offices] == [[]] * 5


def test_a_refresh_sends_the_same_bytes_again_to_the_known_address(scene: Scene) -> None:
    first = scene.invitation
    assert scene.answer("NEEDS-ACTION", METHOD="REFRESH") == 1
    send_all(scene.town)
    assert [mail for mail in scene.post.sent() if mail.recipient == first.recipient] == [first, first]


def test_an_answer_to_an_old_time_is_written_down_and_changes_nothing(scene: Scene) -> None:
    old = scene.reply("ACCEPTED")
    with unit_of_work(scene.town.planner(scene.town.police)) as uow:
        seen = get_operation(uow, scene.walk.operation).version
        reschedule(uow, Reschedule(scene.walk.operation, START + hours(2), seen))
    send_all(scene.town)
    assert scene.post.put(old, sender=scene.invitation.recipient, to=scene.address) == 1
    assert scene.states()[scene.person] == ("asked", "asked")
    assert [line.decision for line in scene.replies(scene.town.police)] == ["logged"]
    scene.answer("ACCEPTED")
    assert scene.states()[scene.person] == ("accepted", "accepted")


def test_a_yes_to_time_that_was_given_away_meanwhile_waits_for_the_planner(scene: Scene) -> None:
    scene.answer("DECLINED")
    with unit_of_work(scene.town.planner(scene.town.tobacco)) as uow:
        uow.session.execute(
            text(
                "INSERT INTO booking (id, person_id, authority_id, during, state) SELECT :id, person_id, authority_id,"
                " during, 'accepted' FROM booking WHERE person_id = :person AND state = 'declined'"
            ),
            {"id": uuid4(), "person": scene.person},
        )
    assert scene.answer("ACCEPTED", DTSTAMP=AHEAD) == 1
    assert scene.states()[scene.person] == ("declined", "declined")
    assert sorted(line.decision for line in scene.replies(scene.town.police)) == ["applied", "queue"]
    assert inbound(scene.town.tobacco.id)[-1][:2] == ("queue", "conflict")


def test_a_bounce_marks_the_delivery_that_it_names_and_the_lead_sees_it(scene: Scene) -> None:
    about = scene.invitation
    later = walk_to(scene.town, OperationState.INVITED, starts_at=START + hours(24))
    send_all(scene.town)
    assert about.sender.startswith("studs+")
    assert scene.post.put(bounced(scene, about), sender="", to=about.sender) == 1
    seen = fares(scene, scene.walk.operation)
    assert seen.pop(scene.person) == ("refused", "bounced")
    assert set(seen.values()) == set(fares(scene, later.operation).values()) == {("accepted", None)}


def test_a_holiday_greeting_or_a_delay_at_the_bounce_address_marks_nothing(scene: Scene) -> None:
    greeting = (
        f"From: {scene.invitation.recipient}\r\nTo: x@y.example\r\nAuto-Submitted: auto-replied\r\n"
        "Message-ID: <h@x.example>\r\n\r\nJag är ledig.\r\n"
    ).encode()
    to = scene.invitation.sender
    assert scene.post.put(greeting, sender="", to=to) == 1
    assert scene.post.put(bounced(scene, scene.invitation, "delayed"), sender="", to=to) == 1
    assert set(fares(scene, scene.walk.operation).values()) == {("accepted", None)}
    assert [reason for _, reason, *_ in inbound(scene.town.tobacco.id)] == ["no_bounce", "no_bounce"]


def test_a_comment_reaches_the_lead_and_the_own_authority_and_nobody_else(scene: Scene) -> None:
    scene.answer("ACCEPTED", COMMENT="kommer 10 minuter senare")
    said = {o.name: [line.comment for line in scene.replies(o)] for o in scene.town.offices[:3]}
    town = scene.town
    assert said == {
        town.police.name: ["kommer 10 minuter senare"],
        town.tobacco.name: ["kommer 10 minuter senare"],
        town.environment.name: [None],
    }
    assert scene.replies(town.outsider) == scene.replies(town.health) == []


def test_a_mail_that_cannot_be_taken_in_holds_no_other_up(scene: Scene) -> None:
    (scene.post.server.folder / "inbound" / "new" / "0.first").mkdir()  # unreadable as a file
    assert scene.answer("ACCEPTED") == 1
    assert scene.states()[scene.person] == ("accepted", "accepted")
