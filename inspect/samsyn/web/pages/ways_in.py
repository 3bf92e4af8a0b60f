"""The step after joining: which ways to sign in there are, which one has, and where each is set up."""

from __future__ import annotations

from typing import Final

from flask import request

from samsyn.access.queries import my_identities, my_passkeys
from samsyn.access.service import has_password, has_totp
from samsyn.core.uow import unit_of_work
from samsyn.web.guards import guarded
from samsyn.web.house import house
from samsyn.web.identity import current_viewer
from samsyn.web.routing import page_blueprint
from samsyn.web.shell import page

blueprint = page_blueprint("ways_in")
HERE: Final = "/settings/ways-in"
JOINED: Final = "joined"


@blueprint.get(HERE)
@guarded()
def get_ways_in() -> str:
    """The own ways in. Who has just joined signed in a moment ago, and so may set each up without being asked again."""
    with unit_of_work(current_viewer()) as uow:
        has = {
            "password": has_password(uow),
            "codes": has_totp(uow),
            "passkey": bool(my_passkeys(uow)),
            "identities": {one.issuer for one in my_identities(uow)},
        }
    return page("access/ways-in.html.j2", has=has, offered=house().takes_passkeys, joined=JOINED in request.args)
