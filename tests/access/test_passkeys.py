"""A passkey opens for its person, with PIN or finger, at our address, to a question that we asked this browser once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text, update

from samsyn.access.models import Passkey
from samsyn.access.passkeys import Ceremony, Party, registration_options, sign_in_options
from samsyn.access.queries import identify, my_passkeys
from samsyn.access.rules import Purpose
from samsyn.access.service import (
    NOWHERE,
    PlaceEnds,
    add_passkey,
    end_place,
    new_challenge,
    remove_passkey,
    rename_passkey,
    sign_in_with_passkey,
)
from samsyn.core.errors import ConflictError, InvalidError, NotFoundError, NotKnownError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.access.authenticator import ORIGIN, PARTY, PRESENT, Device
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town

OURS = Party(PARTY, ORIGIN, "Samsyn")
BROWSER = "this browser"


def asked_to_create(person: UUID, browser: str = BROWSER) -> dict[str, Any]:
    challenge = new_challenge(Ceremony.REGISTER, browser)
    found: dict[str, Any] = json.loads(registration_options(OURS, person, "Anna", challenge, []))
    return found


def asked_to_get(browser: str = BROWSER) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sign_in_options(OURS, new_challenge(Ceremony.SIGN_IN, browser)))
    return found


def registered(viewer: Viewer, device: Device | None = None) -> Device:
    device = device or Device()
    with unit_of_work(viewer) as uow:
        add_passkey(uow, OURS, BROWSER, device.create(asked_to_create(uow.person)), "Telefonen")
    device.count += 1
    return device


def enter(said: str, browser: str = BROWSER) -> Viewer:
    secret = sign_in_with_passkey(OURS, browser, said, NOWHERE)
    return identify(secret, frozenset({Purpose.SESSION}))[0]


@pytest.fixture
def anna(town: Town) -> Viewer:
    return town.inspector(town.tobacco)


def test_the_question_asks_for_a_discoverable_key_with_the_persons_pin(anna: Viewer) -> None:
    assert anna.person_id is not None
    asked = asked_to_create(anna.person_id)
    wanted = asked["authenticatorSelection"]
    assert (wanted["residentKey"], wanted["userVerification"], asked["rp"]["id"]) == ("required", "required", PARTY)
    assert "Anna" not in asked["user"]["id"]
    entering = asked_to_get()
    assert (entering["userVerification"], entering["allowCredentials"]) == ("required", [])


def test_a_key_signs_in_its_person_and_its_use_is_noted(anna: Viewer) -> None:
    device = registered(anna)
    assert enter(device.get(asked_to_get())) == anna
    with unit_of_work(anna) as uow:
        (line,) = my_passkeys(uow)
    assert line.name == "Telefonen"
    assert line.seen_at is not None
    assert line.flagged_at is None


def test_a_key_that_never_counts_signs_in_again_and_again(anna: Viewer) -> None:
    device = Device(count=-1)
    device.count = 0
    device = registered(anna, device)
    device.count = 0
    assert enter(device.get(asked_to_get())) == anna
    assert enter(device.get(asked_to_get())) == anna


HOSTILE: dict[str, Callable[[Device], str]] = {
    "another origin": lambda d: replaced(d, origin="https://samsyn.example.evil.test").get(asked_to_get()),
    "the same name without TLS": lambda d: replaced(d, origin="http://samsyn.example").get(asked_to_get()),
    "another party": lambda d: replaced(d, party="evil.test").get(asked_to_get()),
    "no user verification": lambda d: replaced(d, flags=PRESENT).get(asked_to_get()),
    "nobody present": lambda d: replaced(d, flags=0).get(asked_to_get()),
    "a tampered signature": lambda d: d.get(asked_to_get(), signature=b"0" * 70),
    "data changed after signing": lambda d: d.get(asked_to_get(), authenticatorData=replaced(d, count=99).head()),
    "another key's signature": lambda d: replaced(d, key=Device().key).get(asked_to_get()),
    "somebody else's handle": lambda d: replaced(d, user=uuid4().bytes).get(asked_to_get()),
    "no handle": lambda d: d.get(asked_to_get(), userHandle=b""),
    "an unknown key": lambda d: replaced(d, name=b"unknown key of nobody").get(asked_to_get()),
    "another browser's challenge": lambda d: d.get(asked_to_get("another browser")),
    "a challenge of one's own": lambda d: d.get({"challenge": "AAAA"}),
    "a challenge for a new key": lambda d: d.get(asked_to_create(UUID(bytes=d.user))),
    "an answer for a new key": lambda d: d.create(asked_to_create(UUID(bytes=d.user))),
}


def replaced(device: Device, **other: Any) -> Device:
    return Device(**{**vars(device), **other})


@pytest.mark.parametrize("case", HOSTILE)
def test_whatever_is_wrong_opens_nothing_and_the_good_key_goes_on(anna: Viewer, case: str) -> None:
    device = registered(anna)
    with pytest.raises((NotKnownError, InvalidError)):
        enter(HOSTILE[case](device))
    assert enter(device.get(asked_to_get())) == anna


def test_an_answer_is_good_once(anna: Viewer) -> None:
    device = Device(count=0)
    registered(anna, device)
    device.count = 0
    said = device.get(asked_to_get())
    assert enter(said) == anna
    with pytest.raises(NotKnownError):
        enter(said)


def test_a_challenge_is_over_after_five_minutes(anna: Viewer, cluster: Cluster, database: str) -> None:
    device = registered(anna)
    said = device.get(asked_to_get())
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE challenge SET until = until - interval '5 minutes'"))
        db.commit()
    with pytest.raises(NotKnownError):
        enter(said)


def test_a_counter_that_goes_back_blocks_the_key_and_is_in_the_trail(
    anna: Viewer, cluster: Cluster, database: str
) -> None:
    device = registered(anna)
    device.count = 7
    assert enter(device.get(asked_to_get())) == anna
    device.count = 5
    with pytest.raises(NotKnownError):
        enter(device.get(asked_to_get()))
    device.count = 50
    with pytest.raises(NotKnownError):
        enter(device.get(asked_to_get()))
    with unit_of_work(anna) as uow:
        assert my_passkeys(uow)[0].flagged_at is not None
    with as_owner(cluster, database) as db:
        why = text("SELECT reason FROM audit WHERE actor_person_id = :p AND action = 'session.refuse'")
        assert set(db.scalars(why, {"p": anna.person_id})) == {"passkey_counter"}


def test_a_forged_counter_blocks_nothing(anna: Viewer) -> None:
    device = registered(anna)
    low = replaced(device, count=1)
    with pytest.raises(NotKnownError):
        enter(device.get(asked_to_get(), authenticatorData=low.head()))
    assert enter(device.get(asked_to_get())) == anna


def test_a_new_key_needs_our_party_origin_pin_and_question(anna: Viewer) -> None:
    assert anna.person_id is not None
    mine = anna.person_id
    bent = (
        (Device(origin="https://evil.test"), asked_to_create(mine)),
        (Device(party="evil.test"), asked_to_create(mine)),
        (Device(flags=PRESENT), asked_to_create(mine)),
        (Device(), asked_to_create(mine, "another browser")),
        (Device(), {**asked_to_create(mine), "challenge": "AAAA"}),
    )
    for device, asked in bent:
        with pytest.raises(InvalidError), unit_of_work(anna) as uow:
            add_passkey(uow, OURS, BROWSER, device.create(asked), "x")
    for junk in ("", "[]", "{}", '{"response": 3}', '{"id": "a", "response": {"clientDataJSON": "!"}}', "\x00"):
        with pytest.raises(InvalidError), unit_of_work(anna) as uow:
            add_passkey(uow, OURS, BROWSER, junk, "x")
        with pytest.raises((InvalidError, NotKnownError)):
            enter(junk)


def test_a_key_is_registered_once_and_never_by_two(town: Town, anna: Viewer) -> None:
    device = registered(anna)
    bo = town.inspector(town.health)
    with pytest.raises(ConflictError), unit_of_work(bo) as uow:
        add_passkey(uow, OURS, BROWSER, device.create(asked_to_create(uow.person)), "x")


def test_only_its_person_sees_renames_and_removes_a_key(town: Town, anna: Viewer) -> None:
    device = registered(anna)
    with unit_of_work(anna) as uow:
        key = my_passkeys(uow)[0].id
    for other in (town.planner(town.tobacco), town.inspector(town.tobacco, 1)):
        with pytest.raises(NotFoundError), unit_of_work(other) as uow:
            rename_passkey(uow, key, "x")
        with pytest.raises(NotFoundError), unit_of_work(other) as uow:
            remove_passkey(uow, key)
        with unit_of_work(other) as uow:
            every = update(Passkey).where(Passkey.id == key).values(sign_count=0)
            assert uow.session.execute(every.returning(Passkey.id)).all() == []
            assert my_passkeys(uow) == []
    with pytest.raises(ConflictError), unit_of_work(anna) as uow:
        remove_passkey(uow, key)  # it is the only way in
    registered(anna)
    with unit_of_work(anna) as uow:
        rename_passkey(uow, key, "Jobbtelefonen")
        remove_passkey(uow, key)
    with pytest.raises(NotKnownError):
        enter(device.get(asked_to_get()))


def test_who_has_left_is_out(town: Town, anna: Viewer) -> None:
    device = registered(anna)
    assert anna.person_id is not None
    with unit_of_work(town.planner(town.tobacco)) as uow:
        end_place(uow, PlaceEnds(anna.person_id, uow.today.replace(year=2020)))
    with pytest.raises(NotKnownError):
        enter(device.get(asked_to_get()))
