"""An invitation lets its holder in to one unit with its roles, once, while it stands; the database says so itself."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text, update

from samsyn.access.models import Invitation, InvitationAcceptance, Person, Staff
from samsyn.access.offers import invitation_secret
from samsyn.access.queries import Offer, OfferState, find_offer, get_invitation, my_places
from samsyn.access.rules import Language, Role
from samsyn.access.service import (
    InvitePerson,
    JoinAs,
    check_password,
    hash_password,
    invite_person,
    join,
    resend_invitation,
    revoke_invitation,
    take_place,
)
from samsyn.authorities.rules import Field
from samsyn.authorities.service import AddUnit, add_unit
from samsyn.core.errors import ConflictError, NotAllowedError, NotFoundError
from samsyn.core.keys import Keys, fingerprint, load_keys, make_key_file
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town

INSPECTOR = frozenset({Role.INSPECTOR})


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    make_key_file(tmp_path / "keys.json")
    return load_keys(tmp_path / "keys.json")


def invited(town: Town, keys: Keys, address: str = "", roles: frozenset[Role] = INSPECTOR) -> tuple[Offer, str]:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        command = InvitePerson(address or f"{uuid4().hex[:9]}@demo.example", town.tobacco.unit, roles)
        offer = get_invitation(uow, invite_person(uow, keys, command))
    return offer, invitation_secret(keys, offer.id, offer.edition)


def holder(town: Town, secret: str, person: UUID | None = None) -> Viewer:
    return Viewer(town.tobacco.id, person or uuid4(), frozenset(), fingerprint(secret))


def staff_row(town: Town, viewer: Viewer, **other: object) -> dict[str, object]:
    mine = {"id": uuid4(), "person_id": viewer.person_id, "authority_id": town.tobacco.id, "unit_id": town.tobacco.unit}
    return {**mine, "shown_name": "Ny", "roles": ["inspector"], "from_on": "2026-11-29", **other}


def begin(town: Town, offer: Offer, viewer: Viewer, **other: object) -> None:
    """Take the place by hand, as a fault of ours would."""
    with unit_of_work(viewer) as uow:
        uow.session.execute(insert(Person).values(id=uow.person, shown_name="Ny", language=Language.SV))
        taken = {"invitation_id": offer.id, "authority_id": uow.me, "person_id": uow.person, "accepted_at": uow.now}
        uow.session.execute(insert(InvitationAcceptance).values(**taken))
        uow.session.execute(insert(Staff).values(**staff_row(town, viewer, **other)))


def test_the_holder_has_the_place_a_name_and_a_password_and_nothing_more(town: Town, keys: Keys) -> None:
    offer, secret = invited(town, keys)
    viewer = holder(town, secret)
    with unit_of_work(viewer) as uow:
        join(uow, find_offer(secret), JoinAs("Ny Kollega", Language.SV, hash_password("hästar i regnet")))
    assert check_password(offer.address, "hästar i regnet").person_id == viewer.person_id
    with unit_of_work(Viewer(town.tobacco.id, viewer.person_id)) as uow:
        assert [(p.authority_id, p.unit_id, p.roles) for p in my_places(uow)] == [
            (town.tobacco.id, town.tobacco.unit, ("inspector",))
        ]
    assert find_offer(secret).state is OfferState.ACCEPTED


def test_a_link_is_good_once(town: Town, keys: Keys) -> None:
    _, secret = invited(town, keys)
    for expected in (None, ConflictError):
        viewer, offer = holder(town, secret), find_offer(secret)
        try:
            with unit_of_work(viewer) as uow:
                join(uow, offer, JoinAs("Ny", Language.SV, None))
        except ConflictError:
            assert expected is ConflictError
        else:
            assert expected is None


@pytest.mark.parametrize("bent", [{"roles": ["inspector", "unit_admin"]}, {"unit_id": "other"}, {"person_id": "other"}])
def test_the_database_takes_just_the_unit_the_roles_and_the_person(
    town: Town, keys: Keys, bent: dict[str, object]
) -> None:
    with unit_of_work(town.planner(town.tobacco)) as uow:
        unit = add_unit(uow, AddUnit("Annan enhet", Field.OTHER))
    offer, secret = invited(town, keys)
    others = {"unit_id": unit, "person_id": town.tobacco.inspectors[0]}
    other = {name: others.get(name, value) for name, value in bent.items()}
    with pytest.raises(NotFoundError):
        begin(town, offer, holder(town, secret), **other)
    begin(town, offer, holder(town, secret))


def test_without_the_acceptance_there_is_no_place(town: Town, keys: Keys) -> None:
    _, secret = invited(town, keys)
    viewer = holder(town, secret)
    with unit_of_work(viewer) as uow:
        uow.session.execute(insert(Person).values(id=uow.person, shown_name="Ny", language=Language.SV))
    with pytest.raises(NotFoundError), unit_of_work(viewer) as uow:
        uow.session.execute(insert(Staff).values(**staff_row(town, viewer)))


def test_another_link_or_none_opens_nothing(town: Town, keys: Keys) -> None:
    offer, _ = invited(town, keys)
    _, other = invited(town, keys)
    for wrong in (other, "guessed"):
        with pytest.raises(NotFoundError):
            begin(town, offer, holder(town, wrong))
    with pytest.raises(NotFoundError):
        find_offer("guessed")


def test_taken_back_run_out_and_sent_anew_the_old_link_opens_nothing(
    town: Town, keys: Keys, cluster: Cluster, database: str
) -> None:
    admin = town.planner(town.tobacco)
    offer, secret = invited(town, keys)
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE invitation SET expires_at = now() WHERE id = :i"), {"i": offer.id})
        db.commit()
    assert find_offer(secret).state is OfferState.EXPIRED
    with pytest.raises(NotFoundError):
        begin(town, offer, holder(town, secret))
    with unit_of_work(admin) as uow:
        resend_invitation(uow, keys, offer.id)
    with pytest.raises(NotFoundError):
        find_offer(secret)
    newer = invitation_secret(keys, offer.id, 2)
    assert find_offer(newer).open
    with unit_of_work(admin) as uow:
        revoke_invitation(uow, offer.id)
    assert find_offer(newer).state is OfferState.REVOKED
    with pytest.raises(NotFoundError):
        begin(town, offer, holder(town, newer))
    with pytest.raises(ConflictError), unit_of_work(admin) as uow:
        resend_invitation(uow, keys, offer.id)


def test_only_an_administrator_invites_and_only_to_the_own_authority(town: Town, keys: Keys) -> None:
    command = InvitePerson("ny@demo.example", town.tobacco.unit, INSPECTOR)
    with pytest.raises(NotAllowedError), unit_of_work(town.inspector(town.tobacco)) as uow:
        invite_person(uow, keys, command)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.health)) as uow:
        invite_person(uow, keys, command)
    offer, _ = invited(town, keys)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.health)) as uow:
        revoke_invitation(uow, offer.id)


def test_in_an_authority_of_many_units_an_administrator_offers_places_in_the_own_unit_alone(
    town: Town, keys: Keys, cluster: Cluster, database: str
) -> None:
    admin = town.planner(town.police)
    with as_owner(cluster, database) as db:
        db.execute(text("UPDATE authority SET spanning = true WHERE id = :a"), {"a": town.police.id})
        db.commit()
    with unit_of_work(admin) as uow:
        other = add_unit(uow, AddUnit("Annan enhet", Field.POLICE))
    with pytest.raises(NotFoundError), unit_of_work(admin) as uow:
        invite_person(uow, keys, InvitePerson("ny@demo.example", other, INSPECTOR))
    with unit_of_work(admin) as uow:
        own = invite_person(uow, keys, InvitePerson("ny@demo.example", town.police.unit, INSPECTOR))
    with pytest.raises(NotFoundError), unit_of_work(admin) as uow:
        uow.session.execute(update(Invitation).where(Invitation.id == own).values(unit_id=other))


def test_an_address_is_invited_once_and_not_where_a_colleague_has_it(town: Town, keys: Keys) -> None:
    offer, _ = invited(town, keys)
    with pytest.raises(ConflictError):
        invited(town, keys, offer.address.upper())
    with pytest.raises(ConflictError):
        invited(town, keys, f"{town.tobacco.planner.hex[:12]}@demo.example")


def test_who_has_an_account_takes_a_second_place_and_sees_both(town: Town, keys: Keys) -> None:
    _, secret = invited(town, keys)
    person = town.outsider.inspectors[0]
    with unit_of_work(holder(town, secret, person)) as uow:
        take_place(uow, find_offer(secret), "Samma person", Language.SV)
    for authority in (town.tobacco.id, town.outsider.id):
        with unit_of_work(Viewer(authority, person)) as uow:
            assert {place.authority_id for place in my_places(uow)} == {town.tobacco.id, town.outsider.id}
    _, again = invited(town, keys)
    with pytest.raises(ConflictError), unit_of_work(holder(town, again, person)) as uow:
        take_place(uow, find_offer(again), "Samma person", Language.SV)
    assert find_offer(again).open, "what was refused used nothing up"


def test_nothing_that_is_stored_opens_the_link(town: Town, keys: Keys, cluster: Cluster, database: str) -> None:
    offer, secret = invited(town, keys)
    with as_owner(cluster, database) as db:
        rows = [
            str(row)
            for table in ("invitation", "outbox", "audit", "token")
            for row in db.scalars(text(f"SELECT {table}::text FROM {table}"))
        ]
    assert any(str(offer.id) in row for row in rows)
    assert not [row for row in rows if secret in row or secret.rpartition("_")[2] in row]
