"""Take the place that an invitation offers: by who holds its link, once, just that unit and those roles."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import func, insert

from samsyn.access.models import InvitationAcceptance, Person, Staff, StaffAddress
from samsyn.access.queries.invitations import Offer
from samsyn.access.queries.people import my_places
from samsyn.access.rules import Language, ShownAs
from samsyn.access.service.passwords import set_password
from samsyn.audit.service import record
from samsyn.core.errors import ConflictError
from samsyn.core.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class JoinAs:
    """What a new person chooses: a name, a language, and what is kept of a password (none: signs in another way)."""

    name: str
    language: Language
    hashed: str | None


def join(uow: UnitOfWork, offer: Offer, command: JoinAs) -> None:
    """Become a new person with the place. The viewer presents the link and acts as a person that nobody is yet.

    ``NotFoundError`` where the link opens nothing (any more), ``ConflictError`` where somebody took it meanwhile.
    """
    uow.session.execute(insert(Person).values(id=uow.person, shown_name=command.name, language=command.language))
    take_place(uow, offer, command.name, command.language)
    if command.hashed is not None:
        set_password(uow, uow.person, offer.address, "", hashed=command.hashed)


def come_back(uow: UnitOfWork, offer: Offer, hashed: str | None) -> None:
    """Take one's own place again. The viewer presents the link and acts as the person that it is for.

    ``hashed``: what is kept of a new password; nothing for who is signed in. Who has a place in another authority signs
    in as there: else two people of the one could open the other's. ``ConflictError`` for that, and where somebody
    took it meanwhile; ``NotFoundError`` where the link opens nothing (any more), is another's, or the address is.
    """
    if hashed is not None and any(place.authority_id != uow.me for place in my_places(uow)):
        raise ConflictError("has a place elsewhere")
    accept(uow, offer)
    if hashed is not None:
        set_password(uow, uow.person, offer.address, "", hashed=hashed)
    record(uow, "invitation.accept", offer.id)


def accept(uow: UnitOfWork, offer: Offer) -> None:
    """Write that the viewer took it; its key makes the link good once."""
    uow.session.execute(
        insert(InvitationAcceptance).values(
            invitation_id=offer.id, authority_id=uow.me, person_id=uow.person, accepted_at=func.now()
        )
    )


def take_place(uow: UnitOfWork, offer: Offer, name: str, language: Language) -> None:
    """Take the place as the viewer, who presents the link; ``ConflictError`` for who has one in that authority."""
    accept(uow, offer)
    staff_id = uuid4()
    uow.session.execute(
        insert(Staff).values(
            id=staff_id,
            person_id=uow.person,
            authority_id=uow.me,
            unit_id=offer.unit_id,
            shown_name=offer.service_number or name,
            service_number=offer.service_number,
            shown_as=ShownAs.NUMBER if offer.service_number else ShownAs.NAME,
            roles=list(offer.roles),
            from_on=uow.today,
        )
    )
    uow.session.execute(
        insert(StaffAddress).values(
            staff_id=staff_id, person_id=uow.person, authority_id=uow.me, address=offer.address, language=language
        )
    )
    record(uow, "invitation.accept", offer.id)
