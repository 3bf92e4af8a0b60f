"""Persons and credentials: a secret opens one thing for one purpose; what is shown of a person is what was chosen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import process_time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from samsyn.access.queries import (
    competences_of,
    contacts,
    find_credential,
    identify,
    list_staff,
    my_language,
    my_name,
    staff_names,
    unit_of_person,
)
from samsyn.access.rules import Language, Purpose, Role, ShownAs
from samsyn.access.service import (
    AddPerson,
    Derived,
    add_person,
    create_api_token,
    end_feed_tokens,
    end_other_links,
    ensure_tokens,
    hash_password,
    new_token,
    set_password,
    sign_in,
    sign_out,
)
from samsyn.core.errors import NotAllowedError, NotFoundError, NotKnownError
from samsyn.core.keys import fingerprint
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import ADMIN, Town

ALL = frozenset(Purpose)
PASSWORD = "tre ord i rad"


def secret_of(viewer: Viewer, purpose: Purpose, life: timedelta | None = None) -> str:
    with unit_of_work(viewer) as uow:
        return new_token(uow, purpose, uow.person, expires_at=uow.now + life if life else None)


def address_of(town: Town) -> str:
    return f"{town.mark}@demo.example"


def with_password(town: Town) -> Viewer:
    who = town.inspector(town.tobacco)
    with unit_of_work(who) as uow:
        set_password(uow, uow.person, f" {address_of(town).upper()} ", PASSWORD)
    return who


@pytest.mark.parametrize("purpose", Purpose)
def test_a_secret_opens_its_own_purpose_and_no_other(town: Town, purpose: Purpose) -> None:
    who = town.inspector(town.tobacco)
    secret = secret_of(who, purpose)
    viewer, found = identify(secret, frozenset({purpose}))
    assert viewer == who
    assert (found.purpose, found.person_id, found.authority_id) == (purpose, who.person_id, who.authority_id)
    with pytest.raises(NotKnownError):
        find_credential(secret, ALL - {purpose})


def test_a_password_is_kept_as_dear_as_the_house_means_it() -> None:
    """The tests of the pages use a cheap one."""
    assert hash_password("åtta hästar i regn").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_unknown_ended_revoked_and_of_somebody_who_left_are_one_answer(town: Town) -> None:
    who, said = town.inspector(town.tobacco), set()
    ended = secret_of(who, Purpose.API, timedelta(seconds=-1))
    revoked = secret_of(who, Purpose.SESSION)
    with unit_of_work(who) as uow:
        sign_out(uow, revoked)
    left = secret_of(town.inspector(town.tobacco, 1), Purpose.API)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        leave = text("UPDATE staff SET until_on = now() - interval '1 day' WHERE person_id = :p")
        uow.session.execute(leave, {"p": town.tobacco.inspectors[1]})
    for secret in (ended, revoked, left, "", "samsyn_api_finns-inte", "å\0"):
        with pytest.raises(NotKnownError) as refused:
            identify(secret, ALL)
        said.add(str(refused.value))
    assert len(said) == 1


def test_roles_are_todays_and_not_those_of_the_day_the_secret_was_made(town: Town) -> None:
    secret = secret_of(town.inspector(town.tobacco), Purpose.API)
    with unit_of_work(town.planner(town.tobacco)) as uow:
        change = text("UPDATE staff SET roles = '[\"observer\"]' WHERE person_id = :p")
        uow.session.execute(change, {"p": town.tobacco.inspectors[0]})
    assert identify(secret, ALL)[0].roles == {"observer"}


def test_a_secret_is_kept_nowhere_and_its_digest_opens_nothing(town: Town, cluster: Cluster, database: str) -> None:
    secret = secret_of(town.inspector(town.tobacco), Purpose.API)
    assert len(secret.removeprefix("samsyn_api_")) >= 43  # 256 bits
    with as_owner(cluster, database) as db:
        stored = " ".join(db.scalars(text("SELECT token::text FROM token")))
    assert secret not in stored
    assert fingerprint(secret) in stored
    with pytest.raises(NotKnownError):
        find_credential(fingerprint(secret), ALL)


def test_who_presents_a_secret_sees_its_row_and_nothing_else(town: Town) -> None:
    secret = secret_of(town.inspector(town.tobacco), Purpose.API)
    secret_of(town.inspector(town.tobacco), Purpose.FEED)
    with unit_of_work(Viewer.presenting(fingerprint(secret))) as uow:
        assert uow.session.scalars(text("SELECT hash FROM token")).all() == [fingerprint(secret)]
        assert uow.session.scalar(text("SELECT count(*) FROM staff")) == 0


def test_a_password_opens_a_session_whatever_the_spelling_of_the_address(town: Town) -> None:
    who = with_password(town)
    secret = sign_in(address_of(town), PASSWORD)
    assert identify(secret, frozenset({Purpose.SESSION}))[0] == who
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with pytest.raises(NotKnownError):
        identify(secret, frozenset({Purpose.SESSION}), tomorrow)


def test_a_wrong_password_and_an_unknown_address_are_one_answer_that_takes_as_long(town: Town) -> None:
    with_password(town)
    said, took = set(), []
    for address, password in ((address_of(town), "fel"), (f"okand-{address_of(town)}", PASSWORD)):
        began = process_time()
        with pytest.raises(NotKnownError) as refused:
            sign_in(address, password)
        took.append(process_time() - began)
        said.add(str(refused.value))
    assert len(said) == 1
    assert max(took) < 3 * min(took)  # both check a password: neither answers at once


def test_the_row_of_a_password_is_no_secret_itself(town: Town) -> None:
    with_password(town)
    with pytest.raises(NotKnownError):
        find_credential(f"sign_in:{address_of(town)}", ALL - {Purpose.SIGN_IN})
    with pytest.raises(NotKnownError):
        sign_in(address_of(town), "")


def test_a_token_for_the_api_is_its_makers_own_also_where_the_maker_administers(town: Town) -> None:
    for viewer in (town.inspector(town.tobacco), town.planner(town.tobacco)):
        with unit_of_work(viewer) as uow:
            secret = create_api_token(uow)
        assert find_credential(secret, ALL).person_id == viewer.person_id
    stranger = Viewer(town.police.id, town.tobacco.inspectors[0], ADMIN)
    with pytest.raises(NotFoundError), unit_of_work(stranger) as uow:
        create_api_token(uow)


def test_nobody_writes_a_credential_of_another_authority(town: Town) -> None:
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.police)) as uow:
        new_token(uow, Purpose.API, town.tobacco.inspectors[0])
    forged = text(
        "INSERT INTO token (hash, purpose, person_id, authority_id, created_at) VALUES ('x', 'api', :p, :a, now())"
    )
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.police)) as uow:
        uow.session.execute(forged, {"p": town.tobacco.inspectors[0], "a": town.tobacco.id})


def test_one_link_per_version_and_a_feeds_address_end_at_once(town: Town) -> None:
    worker, person = Viewer.task_of(town.tobacco.id), town.tobacco.inspectors[0]
    assignment, feed = uuid4(), uuid4()
    first, second = f"first-{assignment}", f"second-{assignment}"
    for secret in (first, second, second):
        link(secret, worker, person, assignment)
    with unit_of_work(worker) as uow:
        end_other_links(uow, {assignment}, {second})
        address = new_token(uow, Purpose.FEED, person, feed_id=feed)
    assert find_credential(second, ALL).assignment_id == assignment
    with pytest.raises(NotKnownError):
        find_credential(first, ALL)
    assert find_credential(address, ALL).feed_id == feed
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        end_feed_tokens(uow, feed)
    with pytest.raises(NotKnownError):
        find_credential(address, ALL)


def link(secret: str, worker: Viewer, person: UUID, assignment: UUID) -> None:
    with unit_of_work(worker) as uow:
        ensure_tokens(uow, [Derived(Purpose.ANSWER, person, secret, assignment_id=assignment)])


def test_a_person_is_added_by_an_administrator_with_what_others_may_see(town: Town) -> None:
    office, person = town.police, uuid4()
    command = AddPerson(
        person,
        "Riktigt Namn",
        office.unit,
        frozenset({Role.INSPECTOR}),
        f" {person.hex[:8].upper()}@Demo.example ",
        service_number="7731",
        shown_as=ShownAs.NUMBER,
        competences=frozenset({"police", "alcohol"}),
        language=Language.EN,
    )
    with pytest.raises(NotAllowedError), unit_of_work(Viewer(office.id, person)) as uow:
        add_person(uow, command)
    with unit_of_work(Viewer(office.id, person, ADMIN)) as uow:
        add_person(uow, command)
    with unit_of_work(town.planner(town.health)) as uow:  # R18: the name is in nothing that others read
        [line] = [line for line in list_staff(uow, office.id) if line.person_id == person]
        assert (line.shown_name, line.competences) == ("7731", ("alcohol", "police"))
        assert staff_names(uow, {person}) == {(person, office.id): "7731"}
        assert contacts(uow, {person}) == {}
        assert competences_of(uow, {person}) == {(person, office.id): {"police", "alcohol"}}
    with unit_of_work(Viewer(office.id, person)) as uow:
        assert (my_name(uow), my_language(uow)) == ("Riktigt Namn", Language.EN)
        assert unit_of_person(uow, person) == office.unit
    with unit_of_work(Viewer.task_of(office.id)) as uow:
        reach = contacts(uow, {person})[person]
        assert (reach.address, reach.language) == (f"{person.hex[:8]}@demo.example", Language.EN)
    with unit_of_work(town.planner(town.outsider)) as uow:
        assert (list_staff(uow, office.id), staff_names(uow, {person})) == ([], {})


def test_who_has_left_and_what_has_run_out_is_not_listed(town: Town) -> None:
    person = town.tobacco.inspectors[0]
    with unit_of_work(town.planner(town.tobacco)) as uow:
        assert person in {line.person_id for line in list_staff(uow, town.tobacco.id)}
        uow.session.execute(text("UPDATE competence SET valid_until = now() - interval '1 day'"))
        assert competences_of(uow, {person}) == {}
        uow.session.execute(
            text("UPDATE staff SET until_on = now() - interval '1 day' WHERE person_id = :p"), {"p": person}
        )
        assert person not in {line.person_id for line in list_staff(uow, town.tobacco.id)}
