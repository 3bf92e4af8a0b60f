"""Forty calendars and sixty addresses through the real guard: right or unknown, and nothing private is reached."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from samsyn.core import outgoing
from samsyn.core.outgoing import Outside, Unfetched, UnfetchedError, fetch, is_public, safe_address
from samsyn.planning.busy.asking import ask_outside
from samsyn.planning.busy.faults import Fault, UnreadError
from samsyn.planning.busy.told import Owner
from tests.planning.busy.calendars import CASES, ME, SECRETS, WINDOW, Case, on, path_of, spans, whole
from tests.planning.busy.outside import NAME, PUBLIC, calendar, make_certificate, world
from tests.planning.busy.there import There, standing_outside

PRIVATE: Final = (
    *("127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254"),
    *("0.1.2.3", "100.64.0.1", "100.127.255.254", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1"),
    *("203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1"),
    "0.0.0.0",  # noqa: S104 - looked for, not listened at
    *(
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "fe80::1",
        "fec0::1",
    ),
    *(
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "3fff::1",
        "5f00::1",
    ),
    *("2001:db8::1", "2001:0:7f00:1::1", "2001:10::1", "2002:7f00:1::1", "2002:a00:1::1", "2002:a9fe:a9fe::1"),
)
TYPED: Final = (
    *("http://calendar.example/", "file:///etc/passwd", "gopher://calendar.example/", "data:text/calendar,BEGIN"),
    *("ftp://calendar.example/", "https://", "https:///x", "//calendar.example/", "calendar.example"),
    *("https://me:secret@calendar.example/", "https://calendar.example@127.0.0.1/", "https://calendar.example:22/"),
    *("https://calendar.example:25/", "https://calendar.example:99999/", "https://calendar.example\\@127.0.0.1/"),
    *("https://calendar.example/a b", "https://calendar.example/\r\nHost: x", "https://calendar.example/\x00"),
    *(
        "https://kalender\u2024example/",
        "https://[::1",
        "https://calendar.example:0x1bb/",
        f"https://{NAME}/{'x' * 3000}",
    ),
)
OWNER: Final = Owner(frozenset({ME}))
NUMBERS: Final = ("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "[::ffff:7f00:1]", "[::1]")


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    with standing_outside(tmp_path_factory.mktemp("outside")) as found:
        yield found


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "WITHIN", 2.0)


def test_there_are_forty() -> None:
    assert len(CASES) >= 40
    assert len({path_of(case) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_calendar_is_right_or_unknown_and_says_no_word(there: There, case: Case) -> None:
    said = there.ask(path_of(case))
    if isinstance(case.told, Fault):
        assert said == {"fault": case.told}
    else:
        assert said["busy"] == [[int(one.timestamp()) for one in span] for span in spans(case.told)]
    assert not [word for word in SECRETS if word in json.dumps(said, ensure_ascii=False)]
    assert there.trap.taken == []


@pytest.mark.parametrize("address", PRIVATE)
def test_no_name_leads_to_a_private_address(there: There, address: str) -> None:
    """Alone, behind a public one, and the other way round; nothing is connected to at all."""
    assert not is_public(address)
    before = len(there.server.taken)
    for addresses in ([address], [PUBLIC, address], [address, PUBLIC]):
        outside = world(there.server.port, there.trap.port, there.trusted, {NAME: addresses})
        with pytest.raises(UnfetchedError) as refused:
            fetch(f"https://{NAME}/in-utc", outside)
        assert refused.value.why is Unfetched.NOT_PUBLIC
    assert there.trap.taken == []
    assert len(there.server.taken) == before


@pytest.mark.parametrize("host", NUMBERS)
def test_an_address_written_as_a_number_is_the_address_that_it_is(there: There, host: str) -> None:
    with pytest.raises(UnfetchedError) as refused:
        fetch(f"https://{host}/", there.world)
    assert refused.value.why is Unfetched.NOT_PUBLIC
    assert there.trap.taken == []


@pytest.mark.parametrize("url", TYPED)
def test_only_an_https_address_is_asked(there: There, url: str) -> None:
    with pytest.raises(UnfetchedError) as refused:
        fetch(url, there.world)
    assert refused.value.why is Unfetched.ADDRESS
    assert there.trap.taken == []


def test_a_name_that_changes_its_address_is_asked_for_once(there: There) -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    outside = Outside(resolve, there.world.dial, there.world.trust)
    assert fetch(f"https://{NAME}/in-utc", outside).startswith(b"BEGIN:VCALENDAR")
    assert asked == [NAME]
    assert there.trap.taken == []


def test_the_certificate_has_to_be_the_names(there: There, tmp_path: Path) -> None:
    strange = world(there.server.port, there.trap.port, there.trusted, {"bank.example": [PUBLIC]})
    with pytest.raises(UnfetchedError) as refused:
        fetch("https://bank.example/in-utc", strange)
    assert refused.value.why is Unfetched.CERTIFICATE
    own, _ = make_certificate(tmp_path)
    with pytest.raises(UnfetchedError) as refused:
        fetch(f"https://{NAME}/in-utc", world(there.server.port, there.trap.port, own))
    assert refused.value.why is Unfetched.CERTIFICATE


def test_public_addresses_are_let_through_and_usual_ports() -> None:
    assert all(is_public(one) for one in ("93.184.216.34", "1.1.1.1", "2606:4700::1111", "2a00:1450:400f::1"))
    assert safe_address("https://calendar.example:8443/x?y=z").port == 8443


def test_the_process_that_goes_outside_says_the_same(there: There) -> None:
    read = ask_outside(f"https://{NAME}/in-utc", OWNER, WINDOW, there.program)
    assert (read.busy, read.tells) == (spans(["02-01 09:00/60"]), WINDOW)
    with pytest.raises(UnreadError) as unread:
        ask_outside(f"https://{NAME}/led-to-this-machine", OWNER, WINDOW, there.program)
    assert unread.value.fault is Fault.NOT_PUBLIC
    assert there.trap.taken == []


def test_it_has_no_database_and_no_keys() -> None:
    strange = "{name for name in sys.modules if name.partition('.')[0] in {'sqlalchemy', 'psycopg', 'celery', 'flask'}}"
    asked = f"import sys, samsyn.planning.busy.egress; print({strange} or '', end='')"
    done = subprocess.run([sys.executable, "-I", "-c", asked], capture_output=True, text=True, env={}, check=True)
    assert done.stdout == ""


def test_the_readers_are_loaded_nowhere_else() -> None:
    asked = (
        "import sys, samsyn.planning.service, samsyn_workers.planning; print('recurring_ical_events' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", asked], capture_output=True, text=True, env={}, check=True)
    assert done.stdout == "False\n"


def test_what_repeats_without_end_ends_readably(there: There) -> None:
    there.server.answers["/bomb"] = on("0201", "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30")
    with pytest.raises(UnreadError) as unread:
        ask_outside(f"https://{NAME}/bomb", OWNER, WINDOW, there.program)
    assert unread.value.fault in {Fault.HEAVY, Fault.SLOW}  # slow: where so many work that the clock comes first


def test_a_list_tells_of_its_own_time_alone(there: There) -> None:
    ends = "DTEND:20270301T000000Z"
    body = f"BEGIN:VFREEBUSY\r\nDTSTART:20270201T000000Z\r\n{ends}\r\nEND:VFREEBUSY\r\n"
    there.server.answers["/a-month"] = calendar(whole(body))
    assert there.ask("/a-month")["tells"] == [1801440000, 1803859200]


def test_who_asks_says_so_and_nothing_of_who_is_asked_for(there: There) -> None:
    there.ask("/in-utc")
    head = there.server.taken[-1].decode().lower()
    assert "user-agent: mozilla/5.0 (compatible; samsyn/1; calendar)" in head
    assert not [word for word in ("cookie", "referer", "authorization", ME) if word in head]
