"""From a frozen delivery to a letter: addresses and links derive from keys, so a second sending is the same."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from samsyn.access.offers import invitation_secret
from samsyn.access.queries import Offer
from samsyn.access.rules import OFFER_LASTS
from samsyn.calendars.queries import NoticeMail, Told
from samsyn.calendars.rendering import Letter, NoticeLetter, OfferLetter
from samsyn.calendars.rendering.notice import heading
from samsyn.calendars.rendering.text import plain, subject, words
from samsyn.calendars.rules import PAGE_OF, About, Method, NoticeKind
from samsyn.core.keys import Keys
from samsyn.texts import has, say

REPLY: Final = "svar"
BOUNCE: Final = "studs"
POLL_LINK: Final = "samsyn_poll_"
"""How the secret of a poll's link begins, so that the one answer page knows what it opens."""


def event_secret(uid: str) -> str:
    """Return what says whose an invitation's name (UID) is; it opens nothing."""
    return f"samsyn_event_{uid}"


@dataclass(frozen=True, slots=True)
class Links:
    """Where people are led, and the addresses that lead back to us."""

    keys: Keys
    base_url: str
    mail_domain: str
    service_name: str
    language: str = "sv"

    def in_language(self, language: str) -> Links:
        """Return the same for a reader of another language."""
        return replace(self, language=language)

    def reply_token(self, person_id: UUID, authority_id: UUID) -> str:
        """Return the 80 bits that a person's replies to one authority come back with; constant over time."""
        return self._token("reply", str(person_id), str(authority_id), octets=10)

    def reply_address(self, person_id: UUID, authority_id: UUID) -> str:
        """Return the constant From, Reply-To and ORGANIZER of everything that a person gets."""
        return f"{REPLY}+{self.reply_token(person_id, authority_id)}@{self.mail_domain}"

    def bounce_token(self, person_id: UUID, authority_id: UUID) -> str:
        """Return what mail that could not be delivered to a person comes back with."""
        return self._token("bounce", str(person_id), str(authority_id), octets=10)

    def answer_secret(self, delivery_id: UUID) -> str:
        """Return the secret of the personal link of one delivery: 256 bits, made again at every sending."""
        return f"samsyn_answer_{self._token('answer', str(delivery_id), octets=32)}"

    def poll_secret(self, ask_id: UUID) -> str:
        """Return the secret of the personal link by which one person answers a time poll."""
        return f"{POLL_LINK}{self._token('poll', str(ask_id), octets=32)}"

    def plain_address(self) -> str:
        """Return our address without a token, for what more than one person may read."""
        return f"samsyn@{self.mail_domain}"

    def operation(self, operation_id: UUID) -> str:
        """Return an operation's address: no secret, it opens behind the sign-in."""
        return f"{self.base_url}/operations/{operation_id}"

    def activity(self, activity_id: UUID) -> str:
        """Return an activity's address: it opens behind the sign-in as well."""
        return f"{self.base_url}/activities/{activity_id}"

    def notice_page(self, one: NoticeMail) -> str:
        """Return where a notice leads: to its operation, to the page of its kind, or where one answers unknown."""
        if one.kind is NoticeKind.POLL_ASKED:
            return f"{self.base_url}/svar/{self.poll_secret(one.subject_id)}"
        if one.operation_id is None:
            return f"{self.base_url}{PAGE_OF[one.kind]}"
        return self.operation(one.operation_id)

    def notice_settings(self) -> str:
        """Return where a person chooses which notices come by mail."""
        return f"{self.base_url}/settings/notices"

    def _token(self, purpose: str, *values: str, octets: int) -> str:
        digest = self.keys.digest(purpose, *values)[:octets]
        return base64.b32encode(digest).decode().rstrip("=").lower()


def role_name(role: str, language: str) -> str:
    """Return a role's word; a role that somebody typed is shown as it is."""
    key = f"lifecycle.role.{role}"
    return say(language, key) if has(key) else role


def letter(told: Told, links: Links) -> Letter:
    """Return the letter of a delivery whose recipient has an address; the same delivery, the same letter."""
    if told.contact is None:
        raise ValueError("no address")
    mine = links.in_language(told.contact.language.value)
    return Letter(
        uid=told.uid,
        method=told.method,
        sequence=told.sequence,
        whole=told.whole,
        code_word=told.code_word,
        meeting_place=told.meeting_place,
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        asks=told.asks,
        role=role_name(told.role, mine.language),
        authorities=told.authorities,
        contact=say(mine.language, "lifecycle.contact.lead", authority=told.asks),
        recipient_address=told.contact.address,
        recipient_name=told.contact.shown_name,
        language=mine.language,
        reply_address=mine.reply_address(told.person_id, told.own_id),
        bounce_address=f"{BOUNCE}+{mine.bounce_token(told.person_id, told.own_id)}@{mine.mail_domain}",
        answer_url=f"{mine.base_url}/svar/{mine.answer_secret(told.id)}",
        operation_url=mine.operation(told.operation_id),
        written_at=told.written_at,
        message_id=f"<{told.id}@{mine.mail_domain}>",
        calendar_name=mine.service_name,
    )


def preview(about: About, hours: tuple[datetime, datetime], base_url: str, language: str) -> tuple[str, str]:
    """Return subject and text of an invitation as an inspector would read it; the personal link is dots."""
    sample = Letter(
        uid="preview",
        method=Method.REQUEST,
        sequence=0,
        whole=False,
        code_word=about.code_word,
        meeting_place=about.meeting_place,
        starts_at=hours[0],
        ends_at=hours[1],
        asks=about.asks,
        role=role_name("inspector", language),
        authorities=about.authorities,
        contact=say(language, "lifecycle.contact.lead", authority=about.asks),
        recipient_address="preview@samsyn.invalid",
        recipient_name="",
        language=language,
        reply_address="samsyn@samsyn.invalid",
        bounce_address="bounce@samsyn.invalid",
        answer_url=f"{base_url}/svar/......",
        operation_url=f"{base_url}/operations/{about.operation_id}",
        written_at=hours[0],
        message_id="<preview@samsyn.invalid>",
        calendar_name="",
    )
    return subject(sample), plain(words(sample))


def notice_letter(one: NoticeMail, links: Links) -> NoticeLetter:
    """Return the letter of a notice whose recipient has an address; the same notice, the same letter."""
    if one.contact is None:
        raise ValueError("no address")
    mine = links.in_language(one.contact.language.value)
    return NoticeLetter(
        kind=one.kind,
        code_word=one.code_word,
        recipient_address=one.contact.address,
        recipient_name=one.contact.shown_name,
        language=mine.language,
        reply_address=mine.reply_address(one.person_id, one.own_id),
        bounce_address=f"{BOUNCE}+{mine.bounce_token(one.person_id, one.own_id)}@{mine.mail_domain}",
        operation_url=mine.notice_page(one),
        settings_url=mine.notice_settings(),
        written_at=one.at,
        message_id=f"<{one.id}@{mine.mail_domain}>",
        sender_name=mine.service_name,
        proposals=tuple((option.starts_at, option.ends_at) for option in one.poll.options) if one.poll else (),
        deadline_at=one.poll.deadline_at if one.poll else None,
        asks=one.asks,
    )


def digest_letter(several: Sequence[NoticeMail], links: Links) -> NoticeLetter:
    """Return one letter that tells one person several notices: what is the same twice once, the oldest first."""
    in_order = sorted(several, key=lambda one: (one.at, one.id))
    first = notice_letter(in_order[0], links)
    mine = links.in_language(first.language)
    lines = dict.fromkeys(
        (heading(letter), say(mine.language, f"notices.kind.{one.kind.value}"), letter.operation_url)
        for one in in_order
        for letter in (notice_letter(one, links),)
    )
    mark = hashlib.sha256(b"".join(one.id.bytes for one in in_order)).hexdigest()[:32]
    return replace(
        first, lines=tuple(lines), written_at=in_order[-1].at, message_id=f"<{mark}.digest@{mine.mail_domain}>"
    )


def offer_letter(offer: Offer, authority: str, unit: str, links: Links) -> OfferLetter:
    """Return the letter of an invitation; the same sending of it, the same letter."""
    written_at = offer.expires_at - OFFER_LASTS
    return OfferLetter(
        authority=authority,
        unit=unit,
        invited_by=offer.invited_by,
        recipient_address=offer.address,
        language=offer.language.value,
        sender_address=links.plain_address(),
        sender_name=links.service_name,
        url=f"{links.base_url}/inbjudan/{invitation_secret(links.keys, offer.id, offer.edition)}",
        written_at=written_at,
        expires_at=offer.expires_at,
        message_id=f"<{offer.id}.{offer.edition}@{links.mail_domain}>",
    )
