"""What the dialogue shows: findings to choose from, receivers, grounds that fit and why others do not, and the copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, StringConstraints

from samsyn.access.queries import unit_of_person
from samsyn.core.personal_numbers import has_personal_number
from samsyn.core.uow import UnitOfWork
from samsyn.disclosures.freezing import Offered, Receiver, Scene, chosen_of, freeze, scene_of
from samsyn.disclosures.grounds import PUBLIC, Verdict, judge
from samsyn.disclosures.queries import RequestLine, get_request, open_requests
from samsyn.disclosures.rules import Copy, NotTakenError, digest_of
from samsyn.disclosures.service import picture_digests
from samsyn.disclosures.service.pictures import Vault
from samsyn.findings.rules import Answer
from samsyn.web.house import house
from samsyn.web.installation import current_keys
from samsyn.web.parsing import Body, printable

EVERYBODY: Final = "everybody"
OTHER: Final = "other"


Words = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(printable)]
Code = Annotated[str, StringConstraints(max_length=40)]


class DiscloseForm(Body):
    """What the dialogue holds. ``to``: an authority (and its ``unit``), everybody, or somebody named in ``other``."""

    findings: tuple[UUID, ...] = ()
    pictures: bool = False
    to: UUID | Literal["everybody", "other"] | None = None
    other: UUID | None = None
    unit: UUID | None = None
    basis: Code = ""
    balancing: Words = ""
    mask: bool = False
    confirmed: bool = False
    reason: Words = ""
    request: UUID | None = None
    asked_how: Words = ""
    act: Literal["preview", "draft", "decide", "refuse"] = "preview"

    @property
    def receiver(self) -> UUID | None:
        """Return the authority that was chosen; nothing for everybody and while none is."""
        if self.to == OTHER:
            return self.other
        return self.to if isinstance(self.to, UUID) else None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The page. ``receiver`` none: everybody, or none chosen yet (``chosen_receiver``)."""

    scene: Scene
    request: RequestLine | None
    requests: dict[UUID, RequestLine]
    deficiencies: tuple[Offered, ...]
    others: tuple[Offered, ...]
    chosen: tuple[Offered, ...]
    left_out: tuple[Offered, ...]
    receiver: Receiver | None
    everybody: bool
    fitting: tuple[Verdict, ...]
    not_fitting: tuple[Verdict, ...]
    verdict: Verdict | None
    copies: tuple[Copy, ...]
    digest: str
    suspicious: bool
    unit: UUID | None = None

    @property
    def ready(self) -> bool:
        """Say whether somebody was chosen to get it."""
        return self.receiver is not None or self.everybody

    @property
    def pictures(self) -> int:
        """Return how many pictures go along."""
        return sum(len(copy["pictures"]) for copy in self.copies)


def current_vault() -> Vault:
    """Return the installation's keys and folder."""
    return Vault(current_keys(), house().settings.data_dir)


def read_dialogue(uow: UnitOfWork, visit_id: UUID, asked: DiscloseForm) -> Dialogue:
    """Read all that the page shows, and what the copy would be by what was chosen so far."""
    scene = scene_of(uow, visit_id)
    requests = {one.from_id: one for one in open_requests(uow) if one.visit_id == visit_id}
    answered = get_request(uow, asked.request) if asked.request else None
    everybody = asked.to == EVERYBODY or asked.basis == PUBLIC
    wanted = asked.receiver or (answered.from_id if answered and asked.to is None else None)
    receiver = None if asked.to == EVERYBODY else scene.receiver(wanted)
    requested = receiver is not None and (
        bool(asked.asked_how)
        or receiver.authority.id in requests
        or (answered is not None and answered.from_id == receiver.authority.id)
    )
    if answered is None and receiver is not None:
        answered = requests.get(receiver.authority.id)
    verdicts: list[Verdict] = []
    if receiver is not None or asked.to == EVERYBODY:
        verdicts = judge(scene.situation(uow, receiver, requested=requested))
    chosen = chosen_of(scene, set(asked.findings) & {o.line.finding_id for o in scene.offered}, pictures=asked.pictures)
    copies = frozen(uow, scene, chosen, public=everybody)
    ids = {one.line.finding_id for one in chosen}
    bad = tuple(one for one in scene.offered if one.line.answer is Answer.DEFICIENCY)
    return Dialogue(
        scene,
        answered,
        requests,
        bad,
        tuple(one for one in scene.offered if one.line.answer is not Answer.DEFICIENCY),
        chosen,
        tuple(one for one in bad if one.line.finding_id not in ids),
        receiver,
        everybody,
        tuple(one for one in verdicts if one.fits),
        tuple(one for one in verdicts if not one.fits),
        next((one for one in verdicts if one.basis.code == (PUBLIC if everybody else asked.basis)), None),
        copies,
        digest_of(copies) if copies else "",
        has_personal_number(asked.balancing),
        unit_of(uow, receiver, asked.unit, answered),
    )


def unit_of(uow: UnitOfWork, receiver: Receiver | None, chosen: UUID | None, asked: RequestLine | None) -> UUID | None:
    """Return the unit that the copy would go to, of a receiver that has many; nothing while none is chosen."""
    if receiver is None or not receiver.units:
        return None
    mine = asked is not None and asked.from_id == receiver.authority.id
    return receiver.unit(chosen, unit_of_person(uow, asked.asked_by, asked.from_id) if asked and mine else None)


def frozen(uow: UnitOfWork, scene: Scene, chosen: tuple[Offered, ...], *, public: bool) -> tuple[Copy, ...]:
    """Return the copies as they would be; without pictures where there are too many for one decision."""
    try:
        digests = picture_digests(uow, current_vault(), chosen)
    except NotTakenError:
        digests = {picture.id: "" for one in chosen for picture in one.pictures}
    return tuple(freeze(scene, chosen, digests, public=public))
