"""Who left comes back: a question, another's yes, a link to just that address for just that person; old keys end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text, update

from samsyn.access.models import Invitation, StaffAddress
from samsyn.access.offers import invitation_secret
from samsyn.access.queries import find_offer, get_place, my_places, viewer_now
from samsyn.access.rules import Language, Role
from samsyn.access.service import (
    InvitePerson,
    JoinAs,
    PlaceEnds,
    check_password,
    come_back,
    end_place,
    hash_password,
    invite_back,
    invite_person,
    join,
    set_password,
    take_place,
)
from samsyn.approvals.queries import get_approval
from samsyn.approvals.rules import State
from samsyn.approvals.service import AskReturn, Decide, ask_return, decide, let_back_in
from samsyn.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError, NotKnownError
from samsyn.core.keys import Keys, fingerprint, load_keys, make_key_file
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town, make_person

OLD, NEW = "åtta hästar i regn", "nio hästar i solen"


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    make_key_file(tmp_path / "keys.json")
    return load_keys(tmp_path / "keys.json")


@pytest.fixture
def owner(cluster: Cluster, database: str) -> Iterator[Connection]:
    with as_owner(cluster, database) as db:
        yield db


@pytest.fixture
def gone(town: Town) -> UUID:
    """An inspector who signed in with a password and left today."""
    person = town.tobacco.inspectors[0]
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        set_password(uow, person, address_of(town, person), OLD)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        end_place(uow, PlaceEnds(person, uow.today))
    return person


def address_of(town: Town, person: UUID) -> str:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return get_place(uow, person).address


def colleague(town: Town) -> Viewer:
    person = make_person(town.tobacco.id, town.tobacco.unit, "Beslutsfattare", {Role.DECIDER})
    return Viewer(town.tobacco.id, person, frozenset({"decider"}))


def asked(town: Town, person: UUID) -> UUID:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        return ask_return(uow, AskReturn(person, "Tillbaka efter ett år i en annan kommun."))


def said_yes(town: Town, question: UUID) -> None:
    with unit_of_work(colleague(town)) as uow:
        decide(uow, Decide(question, approved=True))


def sent(town: Town, keys: Keys, question: UUID) -> str:
    """Use the yes; return the link's secret."""
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert let_back_in(uow, keys, question) == question
    return invitation_secret(keys, question, 1)


def holder(town: Town, secret: str, person: UUID) -> Viewer:
    return Viewer(town.tobacco.id, person, frozenset(), fingerprint(secret))


def is_in(town: Town, person: UUID) -> bool:
    with unit_of_work(Viewer(town.tobacco.id, person)) as uow:
        return viewer_now(uow, person) is not None and bool(my_places(uow))


def test_the_place_opens_after_anothers_yes_and_the_person_chooses_a_new_password(
    town: Town, keys: Keys, gone: UUID, owner: Connection
) -> None:
    question = asked(town, gone)
    owner.execute(text("UPDATE staff SET until_on = current_date - 5 WHERE person_id = :p"), {"p": gone})
    owner.commit()
    said_yes(town, question)
    assert not is_in(town, gone)
    secret = sent(town, keys, question)
    with pytest.raises(NotKnownError):  # the place is open, and nothing opens it yet
        check_password(address_of(town, gone), OLD)
    offer = find_offer(secret)
    assert (offer.person_id, offer.address, offer.roles) == (gone, address_of(town, gone), ("inspector",))
    with unit_of_work(holder(town, secret, gone)) as uow:
        come_back(uow, offer, hash_password(NEW))
    assert is_in(town, gone)
    assert check_password(offer.address, NEW).person_id == gone
    with pytest.raises(NotKnownError):
        check_password(offer.address, OLD)
    with pytest.raises(ConflictError), unit_of_work(holder(town, secret, gone)) as uow:
        come_back(uow, offer, hash_password(NEW))
    said = text("SELECT action FROM audit WHERE object_id IN (:p, :q) AND at > now() - interval '1 hour'")
    lines = set(owner.scalars(said, {"p": gone, "q": question}))
    both = {"approval.ask", "approval.approve", "approval.use", "person.return"}
    assert lines >= both | {"invitation.send", "invitation.accept", "password.set"}


def test_nobody_alone_lets_anybody_back_in(town: Town, keys: Keys, gone: UUID) -> None:
    """Neither in the house nor in the database."""
    admin, question = town.planner(town.tobacco), asked(town, gone)
    with pytest.raises(NotAllowedError), unit_of_work(admin) as uow:
        decide(uow, Decide(question, approved=True))
    for key in (question, uuid4()):
        with pytest.raises((ConflictError, NotFoundError)), unit_of_work(admin) as uow:
            let_back_in(uow, keys, key)
        with pytest.raises(NotFoundError), unit_of_work(admin) as uow:
            invite_back(uow, keys, key, get_place(uow, gone))
    said_yes(town, question)
    with pytest.raises(NotFoundError), unit_of_work(admin) as uow:  # the yes is there and not used
        invite_back(uow, keys, question, get_place(uow, gone))
    other = make_person(town.tobacco.id, town.tobacco.unit, "Andra", {Role.UNIT_ADMIN})
    with pytest.raises(NotAllowedError), unit_of_work(Viewer(town.tobacco.id, other, frozenset({"unit_admin"}))) as uow:
        let_back_in(uow, keys, question)
    with pytest.raises(NotAllowedError), unit_of_work(colleague(town)) as uow:
        ask_return(uow, AskReturn(gone, "Skäl."))
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.health)) as uow:
        ask_return(uow, AskReturn(gone, "Skäl."))


def test_a_yes_is_for_one_person_at_one_address_once(town: Town, keys: Keys, gone: UUID) -> None:
    admin, second = town.planner(town.tobacco), town.tobacco.inspectors[1]
    question = asked(town, gone)
    said_yes(town, question)
    sent(town, keys, question)
    with pytest.raises(ConflictError), unit_of_work(admin) as uow:
        let_back_in(uow, keys, question)
    for bent in ({"person_id": second}, {"address": "annan@demo.example"}):
        with pytest.raises(NotFoundError), unit_of_work(admin) as uow:
            uow.session.execute(update(Invitation).where(Invitation.id == question).values(**bent))
    with unit_of_work(admin) as uow:
        ordinary = invite_person(
            uow, keys, InvitePerson(f"{uuid4().hex[:9]}@demo.example", town.tobacco.unit, frozenset({Role.INSPECTOR}))
        )
    with pytest.raises(NotFoundError), unit_of_work(admin) as uow:
        uow.session.execute(update(Invitation).where(Invitation.id == ordinary).values(person_id=second))


def test_an_address_that_was_changed_after_the_question_is_not_written_to(town: Town, keys: Keys, gone: UUID) -> None:
    admin, other = town.planner(town.tobacco), f"{uuid4().hex[:9]}@demo.example"

    def move() -> None:
        with unit_of_work(admin) as uow:
            uow.session.execute(update(StaffAddress).where(StaffAddress.person_id == gone).values(address=other))

    question = asked(town, gone)
    said_yes(town, question)
    move()
    with pytest.raises(ConflictError), unit_of_work(admin) as uow:
        let_back_in(uow, keys, question)
    with pytest.raises(NotFoundError), unit_of_work(admin) as uow:
        invite_back(uow, keys, question, get_place(uow, gone))


def test_nobody_says_yes_to_an_address_that_was_not_asked_about(town: Town, gone: UUID) -> None:
    question = asked(town, gone)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        other = f"{uuid4().hex[:9]}@demo.example"
        uow.session.execute(update(StaffAddress).where(StaffAddress.person_id == gone).values(address=other))
    with pytest.raises(ConflictError):
        said_yes(town, question)
    with unit_of_work(colleague(town)) as uow:
        decide(uow, Decide(question, approved=False, reason="Adressen är en annan."))
        assert get_approval(uow, question).state(uow.now) is State.REFUSED


def test_the_link_is_for_that_person_alone(town: Town, keys: Keys, gone: UUID) -> None:
    question = asked(town, gone)
    said_yes(town, question)
    secret = sent(town, keys, question)
    offer = find_offer(secret)
    for person in (uuid4(), town.outsider.inspectors[0], town.tobacco.inspectors[1]):
        with pytest.raises(NotFoundError), unit_of_work(holder(town, secret, person)) as uow:
            come_back(uow, offer, None)
    with pytest.raises(NotFoundError), unit_of_work(holder(town, secret, uuid4())) as uow:
        join(uow, offer, JoinAs("Ny", Language.SV, None))
    assert find_offer(secret).open


def test_who_has_a_place_elsewhere_signs_in_there_and_gets_no_new_password_here(
    town: Town, keys: Keys, gone: UUID
) -> None:
    """Else two people of one authority could open a person's place in another."""
    with unit_of_work(town.planner(town.health)) as uow:
        where = f"{uuid4().hex[:9]}@demo.example"
        there = invite_person(uow, keys, InvitePerson(where, town.health.unit, frozenset({Role.INSPECTOR})))
    elsewhere = invitation_secret(keys, there, 1)
    with unit_of_work(Viewer(town.health.id, gone, frozenset(), fingerprint(elsewhere))) as uow:
        take_place(uow, find_offer(elsewhere), "Samma", Language.SV)
    question = asked(town, gone)
    said_yes(town, question)
    secret = sent(town, keys, question)
    with pytest.raises(ConflictError), unit_of_work(holder(town, secret, gone)) as uow:
        come_back(uow, find_offer(secret), hash_password(NEW))
    with unit_of_work(holder(town, secret, gone)) as uow:  # signed in as the person, it is just taken
        come_back(uow, find_offer(secret), None)
    assert is_in(town, gone)


def test_what_cannot_be_asked(town: Town, gone: UUID) -> None:
    admin, here = town.planner(town.tobacco), town.tobacco.inspectors[1]
    with pytest.raises(ConflictError), unit_of_work(admin) as uow:
        ask_return(uow, AskReturn(here, "Är inte ute."))
    with pytest.raises(InvalidError), unit_of_work(admin) as uow:
        ask_return(uow, AskReturn(gone, " "))
    asked(town, gone)
    with pytest.raises(ConflictError) as again:
        asked(town, gone)
    assert again.value.fields == {"reason": ["asked_already"]}
