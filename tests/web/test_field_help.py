"""An officer in a field session opens the request for help that the mail leads to, and answers it there."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from apiflask import APIFlask

from samsyn.assistance.queries import get_help
from samsyn.assistance.rules import Helped, HelpGround, HelpLaw
from samsyn.assistance.service import AskHelp, ask_help
from samsyn.calendars.rules import PAGE_OF, NoticeKind
from samsyn.core.uow import unit_of_work
from samsyn.operations.rules import OperationState
from tests.factories import Town
from tests.lifecycle.walk import Walk
from tests.web.test_field_session import Evening, an_evening


def ask(town: Town, walk: Walk) -> UUID:
    request_id = uuid4()
    with unit_of_work(town.inspector(town.tobacco)) as uow:
        said = AskHelp(request_id, walk.visit, HelpLaw.LTLP_7_19, "Hotfullt i dörren", uow.now, HelpGround.POWERS)
        ask_help(uow, said)
    return request_id


@pytest.fixture
def officer(app: APIFlask, town: Town) -> Evening:
    it = an_evening(app, town, town.inspector(town.police))
    assert it.browser.do(it.page, it.begin) == it.page
    it.walk.move(town, OperationState.ONGOING)
    return it


def test_the_mail_leads_to_a_list_that_opens_and_from_it_to_the_request(officer: Evening) -> None:
    asked = ask(officer.town, officer.walk)
    listed = officer.browser.get(PAGE_OF[NoticeKind.HELP_ASKED])
    assert f'href="/help-requests/{asked}"' in listed
    one = officer.browser.get(f"/help-requests/{asked}")
    assert "Hotfullt i dörren" in one
    for path in ("/operations", f"/operations/{officer.walk.operation}"):
        assert f'href="{path}"' not in listed + one, path
    officer.browser.send(f"/help-requests/{asked}", what="coming")
    with unit_of_work(officer.town.inspector(officer.town.tobacco)) as uow:
        assert [line.what for line in get_help(uow, asked).answers] == [Helped.COMING]


def test_another_operations_request_is_as_absent_and_not_in_the_list(officer: Evening) -> None:
    town = officer.town
    other = an_evening(officer.app, town, town.inspector(town.police), begins=timedelta(hours=6))
    other.walk.move(town, OperationState.ONGOING)
    asked = ask(town, other.walk)
    assert str(asked) not in officer.browser.get("/help-requests")
    assert officer.status(f"/help-requests/{asked}") == officer.status(f"/help-requests/{uuid4()}") == 404
