"""Make what a letter's links and addresses open, in the transaction before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from samsyn.access.rules import Purpose
from samsyn.access.service import Derived, end_other_links, ensure_tokens
from samsyn.calendars.letters import Links, event_secret
from samsyn.calendars.queries import Told
from samsyn.calendars.rules import Method
from samsyn.core.uow import UnitOfWork

ANSWER_AFTER_END: Final = timedelta(days=1)


def open_doors(uow: UnitOfWork, told: Sequence[Told], links: Links) -> None:
    """Make the letters' reply addresses and personal links work: one link per version, until the operation's end."""
    wanted, open_links = [], set()
    for one in told:
        wanted.append(Derived(Purpose.REPLY, one.person_id, links.reply_token(one.person_id, uow.me)))
        wanted.append(Derived(Purpose.BOUNCE, one.person_id, links.bounce_token(one.person_id, uow.me)))
        if one.method is Method.REQUEST:
            secret, until = links.answer_secret(one.id), one.ends_at + ANSWER_AFTER_END
            open_links.add(secret)
            wanted.append(Derived(Purpose.ANSWER, one.person_id, secret, until, one.assignment_id))
            wanted.append(Derived(Purpose.EVENT, one.person_id, event_secret(one.uid)))
    ensure_tokens(uow, wanted)
    end_other_links(uow, {one.assignment_id for one in told}, open_links)
