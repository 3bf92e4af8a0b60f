"""DKIM: what we sign dkimpy verifies after a real server has passed it on; a changed mail fails (CALENDARS 4.24)."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from samsyn.calendars.rendering import build_message, build_notice, build_offer
from samsyn.calendars.rendering.notice import NoticeLetter
from samsyn.calendars.rendering.offer import OfferLetter
from samsyn.calendars.rules import Method, NoticeKind
from samsyn.calendars.signing import Signer, SigningError, load_signer, signer_of
from samsyn.cli.doctor import signing
from samsyn.core.settings import load_settings
from samsyn.embedded.ports import LOOPBACK
from samsyn.operations.rules import OperationState
from samsyn_workers import mail
from tests.calendars.box import CUT, Box, open_box, settings
from tests.calendars.letters import LETTER, OFFICE_ADDRESS, REPLY_ADDRESS, WRITTEN, a_letter, swedish
from tests.calendars.sending import end_pauses, queue, send
from tests.factories import Town
from tests.lifecycle.walk import walk_to

MUST: Final = {"from", "subject", "date", "message-id", "to", "auto-submitted", "content-type"}


def pem(key: Any) -> bytes:
    said: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return said


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dkim") / "dkim.pem"
    path.touch(0o600)
    path.write_bytes(pem(rsa.generate_private_key(65537, 2048)))
    return path


@pytest.fixture
def signer(key_file: Path) -> Signer:
    return load_signer(key_file, "samsyn", "samsyn.example")


@pytest.fixture
def box() -> Iterator[Box]:
    with open_box() as box:
        yield box


def published(signer: Signer) -> Any:
    """What DNS answers once the record that the doctor prints stands there."""
    name, _, text = signer.record().partition(" TXT ")
    strings = re.findall(r'"([^"]*)"', text)
    assert all(len(one) <= 255 for one in strings)
    zone = {name.encode(): "".join(strings).encode()}
    return lambda asked, timeout=5: zone.get(asked)  # noqa: ARG005  dkimpy names it


def verifies(content: bytes, signer: Signer) -> bool:
    try:
        return bool(dkim.verify(content, dnsfunc=published(signer)))
    except dkim.DKIMException:
        return False


def tags(content: bytes) -> dict[str, str]:
    head = content.partition(b"\r\n\r\n")[0].decode().replace("\r\n\t", "").replace("\r\n ", "")
    line = next(one for one in head.split("\r\n") if one.startswith("DKIM-Signature:"))
    return dict(one.strip().split("=", 1) for one in line.partition(":")[2].split(";") if one.strip())


NOTICE = NoticeLetter(
    kind=NoticeKind.PART_ASKED,
    code_word="Ängsvädd",
    recipient_address=LETTER.recipient_address,
    recipient_name="Åsa Öberg",
    language="sv",
    reply_address=REPLY_ADDRESS,
    bounce_address=LETTER.bounce_address,
    operation_url=LETTER.operation_url,
    settings_url="https://samsyn.example/settings/notices",
    written_at=WRITTEN,
    message_id="<notice.1@samsyn.example>",
    sender_name="Samsyn Arboga",
)
OFFER = OfferLetter(
    authority="Myndighetsförbundet",
    unit="Miljö",
    invited_by="Åsa Öberg",
    recipient_address=LETTER.recipient_address,
    language="sv",
    sender_address=OFFICE_ADDRESS,
    sender_name="Samsyn Arboga",
    url="https://samsyn.example/inbjudan/hemlig",
    written_at=WRITTEN,
    expires_at=WRITTEN.replace(day=27),
    message_id="<offer.1@samsyn.example>",
)
EVERY: Final = {
    "invitation": build_message(LETTER),
    "update": build_message(a_letter(sequence=3, code_word=swedish(70))),
    "cancellation": build_message(a_letter(method=Method.CANCEL, whole=True, sequence=1)),
    "removed": build_message(a_letter(method=Method.CANCEL, sequence=1)),
    "notice": build_notice(NOTICE),
    "digest": build_notice(replace(NOTICE, lines=(("a", "b", "https://samsyn.example/x"),) * 2)),
    "offer": build_offer(OFFER),
}


@pytest.mark.parametrize("kind", EVERY)
def test_every_kind_of_mail_verifies_after_a_relay_and_a_changed_one_fails(
    kind: str, signer: Signer, key_file: Path, box: Box, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    with settings(monkeypatch, folder, f"smtp://{LOOPBACK}:{box.port}", DKIM_KEY_FILE=str(key_file)):
        with mail.connection(load_settings().smtp_url) as smtp:
            assert smtp is not None
            mail.pass_on(smtp, "studs@samsyn.example", "asa@miljo.example", EVERY[kind])
        with smtplib.SMTP(LOOPBACK, box.port) as onwards:  # as the next server on the way does
            trace = b"Received: from samsyn.example by relay.example; Fri, 20 Nov 2026 09:00:00 +0100\r\n"
            onwards.sendmail("studs@samsyn.example", ["asa@miljo.example"], trace + box.got[0].content)
    _, there = box.got
    assert there.content.startswith(b"Received:")
    assert verifies(there.content, signer)
    said = tags(there.content)
    assert (said["d"], said["s"], said["a"]) == ("samsyn.example", "samsyn", "rsa-sha256")
    assert str(there.message["From"]).rstrip(">").endswith(f"@{said['d']}")
    assert set(said["h"].lower().split(":")) >= MUST
    at = there.content.rindex(b"base64\r\n\r\n") + 30  # one letter of the last part
    letter = b"B" if there.content[at : at + 1] == b"A" else b"A"
    assert not verifies(there.content[:at] + letter + there.content[at + 1 :], signer)


@pytest.mark.parametrize("name", sorted(MUST | {"reply-to", "cc", "mime-version"}))
def test_a_header_that_is_changed_or_added_breaks_it(name: str, signer: Signer) -> None:
    signed = signer.sign(EVERY["invitation"])
    added = signed.replace(b"\r\nFrom:", b"\r\n" + name.encode() + b": other@elsewhere.example\r\nFrom:", 1)
    assert verifies(signed, signer)
    assert not verifies(added, signer), "one more, before"
    changed = re.sub(rb"(?im)^(%s: )" % name.encode(), rb"\1x", signed, count=1)
    assert changed == signed or not verifies(changed, signer)


def test_a_mail_that_is_sent_again_is_the_same_bytes(
    town: Town, box: Box, key_file: Path, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    with settings(monkeypatch, folder, f"smtp://{LOOPBACK}:{box.port}", DKIM_KEY_FILE=str(key_file)):
        signer = signer_of(load_settings())
        assert signer is not None
        walk_to(town, OperationState.INVITED)
        box.answers[""] = [CUT]  # taken whole, and the line goes dead: it perhaps arrived, and is sent again
        send(town.tobacco)
        end_pauses(town.tobacco)
        send(town.tobacco)
    first, again = box.to(town.tobacco.inspectors[0])
    assert first.content == again.content
    assert first.identity == again.identity
    assert verifies(first.content, signer)


def test_nothing_is_signed_where_no_key_is_named(
    town: Town, box: Box, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    with settings(monkeypatch, folder, f"smtp://{LOOPBACK}:{box.port}"):
        walk_to(town, OperationState.INVITED)
        send(town.tobacco)
        assert signing(load_settings()) == ("dkim", True, "off: the mail server has to sign")
    [one] = box.to(town.tobacco.inspectors[0])
    assert "DKIM-Signature" not in one.message


def broken(folder: Path, what: str) -> Path:
    path = folder / f"{what}.pem"
    path.touch(0o600)
    keys: dict[str, Callable[[], bytes]] = {
        "short": lambda: pem(rsa.generate_private_key(65537, 1024)),  # noqa: S505  refused, which is shown
        "other kind": lambda: pem(ec.generate_private_key(ec.SECP256R1())),
        "no key": lambda: b"hello",
        "open": lambda: pem(rsa.generate_private_key(65537, 2048)),
    }
    if what == "missing":
        path.unlink()
        return path
    path.write_bytes(keys[what]())
    if what == "open":
        path.chmod(0o640)
    return path


@pytest.mark.parametrize("what", ["missing", "open", "no key", "short", "other kind"])
def test_a_key_that_cannot_be_used_stops_the_mail_and_the_doctor_says_why(
    what: str, town: Town, box: Box, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    key = broken(folder, what)
    with settings(monkeypatch, folder, f"smtp://{LOOPBACK}:{box.port}", DKIM_KEY_FILE=str(key)):
        walk_to(town, OperationState.INVITED)
        assert send(town.tobacco) == 0
        assert queue(town.tobacco) == [("due", 0)]  # waits as for a server that is away
        name, good, said = signing(load_settings())
    assert (name, good) == ("dkim", False)
    assert said.startswith("no mail leaves: the key")
    assert str(folder) not in said
    assert box.got == []


def test_the_doctor_prints_what_to_publish(
    key_file: Path, signer: Signer, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    more = {"DKIM_KEY_FILE": str(key_file), "DKIM_SELECTOR": "h2026"}
    with settings(monkeypatch, folder, "smtp://127.0.0.1:9", **more):
        _, good, said = signing(load_settings())
    assert good
    assert said.startswith('on; publish h2026._domainkey.samsyn.example. TXT "v=DKIM1; k=rsa; p=')


@pytest.mark.parametrize(("selector", "domain"), [("a b", "samsyn.example"), ("samsyn", "-"), ("x;h=", "a.example")])
def test_a_selector_that_is_no_name_is_refused(key_file: Path, selector: str, domain: str) -> None:
    with pytest.raises(SigningError, match="no name for DNS"):
        load_signer(key_file, selector, domain)


def test_a_mail_from_another_domain_is_not_signed(signer: Signer) -> None:
    with pytest.raises(SigningError):
        replace(signer, domain="other.example").sign(EVERY["invitation"])
