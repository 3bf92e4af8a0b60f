"""Who is told of a question to a colleague, of its answer, and of a role that somebody took; and how little."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from samsyn.access.queries import get_place
from samsyn.access.rules import Role, ShownAs
from samsyn.access.service import ChangePlace
from samsyn.approvals.queries import my_questions
from samsyn.approvals.service import AskExport, AskMember, Decide
from samsyn.calendars.rules import Choice, NoticeKind, chosen
from samsyn.core.errors import ConflictError
from samsyn.core.uow import unit_of_work
from samsyn.core.viewer import Viewer
from samsyn.lifecycle.own_roles import change_and_tell
from samsyn.lifecycle.two_people import answer, ask_for_export, ask_for_member
from tests.cluster import Cluster
from tests.core.owner import as_owner
from tests.factories import Office, Town, make_person
from tests.lifecycle.telling import kinds, notices

WHY = "Hemligt skäl om Kiosk."


def with_role(office: Office, role: Role) -> Viewer:
    return Viewer(office.id, make_person(office.id, office.unit, f"Kollega {role}", {role}), frozenset({role.value}))


def asked(viewer: Viewer) -> UUID:
    with unit_of_work(viewer) as uow:
        return ask_for_export(uow, AskExport("businesses", "/businesses", uuid4().hex, 300, WHY))


def test_who_may_decide_is_told_and_then_who_asked_and_nobody_else(town: Town) -> None:
    asker, colleague = town.inspector(town.tobacco), town.planner(town.tobacco)
    decider, reviewer = with_role(town.tobacco, Role.DECIDER), with_role(town.tobacco, Role.LOG_REVIEWER)
    question = asked(asker)
    for one in (colleague, decider):
        [told] = notices(one)
        assert (told.kind, told.href, told.operation_id, told.code_word) == (
            NoticeKind.APPROVAL_ASKED, "/approvals", None, "",
        )  # fmt: skip
    silent = (asker, town.inspector(town.tobacco, 1), reviewer, town.planner(town.police), town.planner(town.outsider))
    assert [kinds(one) for one in silent] == [[]] * len(silent)
    with unit_of_work(decider) as uow:
        answer(uow, Decide(question, approved=False, reason=WHY))
    assert kinds(asker) == [NoticeKind.APPROVAL_ANSWERED]
    assert NoticeKind.APPROVAL_ANSWERED not in kinds(colleague) + kinds(decider)


def test_a_new_member_is_told_likewise_and_the_row_holds_no_word(town: Town, cluster: Cluster, database: str) -> None:
    decider = with_role(town.police, Role.DECIDER)
    with unit_of_work(town.planner(town.police)) as uow:
        question = ask_for_member(uow, AskMember(town.collaboration, town.outsider.id, WHY))
    assert kinds(decider) == [NoticeKind.APPROVAL_ASKED]
    with unit_of_work(decider) as uow:
        answer(uow, Decide(question, approved=True))
    assert kinds(town.planner(town.police)) == [NoticeKind.APPROVAL_ANSWERED]
    with as_owner(cluster, database) as db:
        rows = db.execute(text("SELECT n::text AS said FROM notice n WHERE subject_id = :q"), {"q": question}).all()
    assert len(rows) == 2
    assert not any("Kiosk" in row.said or str(town.outsider.id) in row.said for row in rows)


def test_what_is_refused_tells_nobody(town: Town) -> None:
    asker, decider = town.inspector(town.tobacco), with_role(town.tobacco, Role.DECIDER)
    question = asked(asker)
    with unit_of_work(asker) as uow:
        same = my_questions(uow)[0].digest
    with pytest.raises(ConflictError), unit_of_work(asker) as uow:
        ask_for_export(uow, AskExport("businesses", "/businesses", same, 300, WHY))
    assert kinds(decider) == [NoticeKind.APPROVAL_ASKED]
    for told in (1, 1):
        try:
            with unit_of_work(decider) as uow:
                answer(uow, Decide(question, approved=True))
        except ConflictError:
            pass
        assert len(kinds(asker)) == told


def test_who_chose_nothing_gets_them_by_mail() -> None:
    mailed = {NoticeKind.APPROVAL_ASKED, NoticeKind.APPROVAL_ANSWERED, NoticeKind.ROLES_OWN}
    assert {chosen({})[kind] for kind in mailed} == {Choice.MAIL}


def change(who: Viewer, person: UUID, roles: frozenset[str]) -> None:
    with unit_of_work(who) as uow:
        place = get_place(uow, person)
        command = ChangePlace(
            person_id=person,
            unit_id=place.unit_id,
            roles=frozenset(Role(one) for one in roles),
            competences=frozenset(place.competences),
            address=place.address,
            phone=place.phone,
            shown_as=ShownAs(place.shown_as),
            name=place.shown_name,
            service_number=place.service_number,
            was=place.digest,
        )
        change_and_tell(uow, command)


def test_a_role_that_somebody_takes_is_told_to_the_log_reviewers_each_time(town: Town) -> None:
    admin, reviewer = town.planner(town.tobacco), with_role(town.tobacco, Role.LOG_REVIEWER)
    assert admin.person_id is not None
    usual = frozenset(admin.roles)
    for times in range(1, 11):  # more often than a number is looked for
        change(admin, admin.person_id, usual | {"observer"})
        assert kinds(reviewer) == [NoticeKind.ROLES_OWN] * times
        change(admin, admin.person_id, usual)  # one that is given back is nothing to tell
    assert notices(reviewer)[0].href == "/audit?action=person.roles_own"
    assert kinds(admin) == []
    assert kinds(with_role(town.police, Role.LOG_REVIEWER)) == []


def test_a_role_that_a_colleague_gets_tells_nobody(town: Town) -> None:
    reviewer = with_role(town.tobacco, Role.LOG_REVIEWER)
    change(town.planner(town.tobacco), town.tobacco.inspectors[0], frozenset({"inspector", "observer"}))
    assert kinds(reviewer) == []
