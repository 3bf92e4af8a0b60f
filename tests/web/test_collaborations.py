"""A new authority in a collaboration: one proposes, a colleague approves, the first invites, the new one joins."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from samsyn.access.rules import Role
from samsyn.approvals.queries import my_questions
from samsyn.approvals.service import AskMember, Decide, ask_member, decide, invite_approved
from samsyn.authorities.queries import members_of
from samsyn.authorities.service import invite_member
from samsyn.core.errors import ConflictError, NotAllowedError, NotFoundError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Town, make_person
from tests.web.reader import open_browser


def decider(town: Town) -> Viewer:
    person = make_person(town.police.id, town.police.unit, "Beslutsfattare", {Role.DECIDER})
    return Viewer(town.police.id, person, frozenset({"decider"}))


def proposed(town: Town) -> UUID:
    with unit_of_work(town.planner(town.police)) as uow:
        return ask_member(uow, AskMember(town.collaboration, town.outsider.id, "Granne med samma krogar."))


def test_from_a_proposal_to_a_member_on_the_pages(app: APIFlask, town: Town) -> None:
    admin = open_browser(app.test_client(), town.planner(town.police))
    assert 'href="/collaborations"' in admin.get("/settings")
    page = admin.get("/collaborations")
    assert town.outsider.name in page
    here = f"/collaborations/{town.collaboration}/members"
    empty = admin.send("/collaborations", here, member_id=str(town.outsider.id), reason="")
    assert empty.status_code == 422
    assert 'href="#f-reason"' in empty.text
    admin.do("/collaborations", here, member_id=str(town.outsider.id), reason="Granne.")
    again = admin.send("/collaborations", here, member_id=str(town.outsider.id), reason="Granne.")
    assert again.status_code == 409
    with unit_of_work(town.planner(town.police)) as uow:
        question = my_questions(uow)[0].id
    colleague = open_browser(app.test_client(), decider(town))
    assert "En kollega ber om ditt ja till en ny myndighet i en samverkan." in colleague.get("/")
    colleague.do("/approvals", f"/approvals/{question}", decision="yes", reason="")
    admin.do("/approvals", f"/approvals/{question}/invite")
    assert "har inte gått med än" in admin.get("/collaborations")
    newcomer = open_browser(app.test_client(), town.planner(town.outsider))
    newcomer.do("/collaborations", f"/collaborations/{town.collaboration}/join")
    with unit_of_work(town.planner(town.health)) as uow:
        assert town.outsider.id in {one.id for one in members_of(uow, town.collaboration)}


def test_every_authority_can_be_proposed_however_many_there_are(
    app: APIFlask, cluster: Cluster, database: str, town: Town
) -> None:
    """Sweden has some 290 municipalities, each with several boards."""
    mark = uuid4().hex[:8]
    with as_owner(cluster, database) as db:
        row = "INSERT INTO authority (id, name, authority_kind, spanning) VALUES (:id, :name, 'board', false)"
        db.execute(text(row), [{"id": uuid4(), "name": f"Aa nämnd {mark} {n}"} for n in range(301)])
        db.commit()
    page = open_browser(app.test_client(), town.planner(town.police)).get("/collaborations")
    with as_owner(cluster, database) as db:  # other tests read the first page of all
        db.execute(text("DELETE FROM authority WHERE name LIKE :names"), {"names": f"Aa nämnd {mark}%"})
        db.commit()
    assert page.count(f"Aa nämnd {mark} ") == 301
    assert town.outsider.name in page


def test_one_person_alone_invites_nobody(town: Town) -> None:
    """Not even who founded it, once others have joined; in the house and in the database."""
    for office in (town.police, town.health):
        with pytest.raises(NotFoundError), unit_of_work(town.planner(office)) as uow:
            invite_member(uow, town.collaboration, town.outsider.id)
    question = proposed(town)
    me = town.planner(town.police)
    with pytest.raises(NotAllowedError), unit_of_work(me) as uow:
        decide(uow, Decide(question, approved=True))
    with pytest.raises(ConflictError), unit_of_work(me) as uow:
        invite_approved(uow, question)
    with unit_of_work(decider(town)) as uow:
        decide(uow, Decide(question, approved=True))
    with pytest.raises(NotFoundError), unit_of_work(me) as uow:  # the yes is there and not used
        invite_member(uow, town.collaboration, town.outsider.id)
    with unit_of_work(me) as uow:
        invite_approved(uow, question)
    with pytest.raises(ConflictError), unit_of_work(me) as uow:
        invite_approved(uow, question)


def test_the_yes_is_for_that_authority_and_that_collaboration(town: Town) -> None:
    question = proposed(town)
    with unit_of_work(decider(town)) as uow:
        decide(uow, Decide(question, approved=True))
    me = town.planner(town.police)
    with unit_of_work(me) as uow:
        invite_approved(uow, question)
    other = uuid4()
    with unit_of_work(Viewer(other, None, frozenset({"unit_admin"}))) as uow:
        name = {"id": other, "name": f"Grannens granne {other}"}
        uow.session.execute(text("INSERT INTO authority VALUES (:name, 'board', false, :id)"), name)
    with pytest.raises(NotFoundError), unit_of_work(me) as uow:
        invite_member(uow, town.collaboration, other)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.tobacco)) as uow:
        invite_member(uow, town.collaboration, other)


def test_a_no_and_no_answer_invite_nobody(town: Town) -> None:
    question = proposed(town)
    with unit_of_work(decider(town)) as uow:
        decide(uow, Decide(question, approved=False, reason="Avtalet är inte undertecknat."))
    with pytest.raises(ConflictError), unit_of_work(town.planner(town.police)) as uow:
        invite_approved(uow, question)


def test_who_may_propose(town: Town) -> None:
    command = AskMember(town.collaboration, town.outsider.id, "Granne.")
    for who in (town.inspector(town.police), decider(town)):
        with pytest.raises(NotAllowedError), unit_of_work(who) as uow:
            ask_member(uow, command)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.outsider)) as uow:
        ask_member(uow, command)
    with pytest.raises(NotFoundError), unit_of_work(town.planner(town.police)) as uow:
        ask_member(uow, AskMember(town.collaboration, uuid4(), "Granne."))
    with pytest.raises(ConflictError), unit_of_work(town.planner(town.police)) as uow:
        ask_member(uow, AskMember(town.collaboration, town.health.id, "Är med redan."))


def test_the_trail_holds_both_people(town: Town, cluster: Cluster, database: str) -> None:
    question, colleague = proposed(town), decider(town)
    with unit_of_work(colleague) as uow:
        decide(uow, Decide(question, approved=True))
    with unit_of_work(town.planner(town.police)) as uow:
        invite_approved(uow, question)
    with as_owner(cluster, database) as db:
        found = db.execute(
            text("SELECT action, actor_person_id AS who, reason FROM audit WHERE object_id = :q"), {"q": question}
        ).all()
    me = town.police.planner
    assert {(row.action, row.who, row.reason) for row in found} == {
        ("approval.ask", me, f"member {town.outsider.id}"),
        ("approval.approve", colleague.person_id, str(me)),
        ("approval.use", me, str(colleague.person_id)),
    }
