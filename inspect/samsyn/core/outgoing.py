"""Fetch what an address that somebody typed answers, without being led to a machine of the house (SSRF).

Only https; a name is resolved once and every address of it has to be public; the connection goes to that address and
the certificate has to be the name's. Redirects are followed a few times, each looked at like the first. One clock for
all of it (RELIABILITY 5). It needs ``SIGALRM``: run it in the main thread of a process of its own.
"""

from __future__ import annotations

import signal
import socket
import ssl
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from types import FrameType
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

WITHIN: Final = 5.0
"""Seconds from the first question for the name until the last byte, redirects among them."""
MOST: Final = 2 * 1024 * 1024
"""Bytes, unpacked."""
LONGEST_ADDRESS: Final = 2000
REDIRECTS: Final = 3
PORTS: Final = frozenset({443, 8443})
TRIED: Final = 4
"""Addresses of one name that are tried."""
CHUNK: Final = 64 * 1024
AGENT: Final = "Mozilla/5.0 (compatible; Samsyn/1; calendar)"
"""Who asks, in the form that servers which look for a browser let pass; it claims to be none."""
OK: Final = 200
MOVED: Final = frozenset({301, 302, 303, 307, 308})
GONE: Final = frozenset({404, 410})
CLOSED: Final = frozenset({401, 403})
# Some releases of Python call these public. They lead to where their last or inner bits say (translation, 6to4, Teredo,
# old forms), or to nothing of the public internet (IANA's special-purpose registries; site-local of old).
NEVER: Final = tuple(
    ip_network(one)
    for one in (
        *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/23", "::/96", "::ffff:0:0/96"),
        *("fec0::/10", "3fff::/20", "5f00::/16", "192.0.0.0/24", "192.88.99.0/24"),
    )
)


class Unfetched(StrEnum):
    """Why nothing was fetched; a stable word each, never a text of the other side."""

    ADDRESS = "address"  # no https address, or one with a name and password in it
    NOT_PUBLIC = "not_public"  # it leads into a network that is not public
    AWAY = "away"  # no such name, or nobody answers there
    CERTIFICATE = "certificate"  # what answers cannot prove to be it
    SLOW = "slow"
    TOO_LARGE = "too_large"
    CLOSED = "closed"  # it asks for a sign-in
    GONE = "gone"
    SERVER = "server"  # any other answer than one with content
    REDIRECTS = "redirects"


class UnfetchedError(Exception):
    """Nothing was fetched; whoever asked says so in words of its own."""

    def __init__(self, why: Unfetched) -> None:
        super().__init__(why.value)
        self.why = why


class Slow(BaseException):
    """The time is up. No error of a connection: nothing on the way may take it for one."""


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name, as this machine's resolver has them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def dial(address: str, port: int) -> socket.socket:
    """Open a connection to an address, which is no name: nothing is resolved a second time."""
    return socket.create_connection((address, port), timeout=WITHIN)


@dataclass(frozen=True, slots=True)
class Outside:
    """What lies outside this house: names, connections, whom to believe. Tests put another world in its place."""

    resolve: Callable[[str, int], list[str]] = resolve
    dial: Callable[[str, int], socket.socket] = dial
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context


def is_public(address: str) -> bool:
    """Say whether an address is one of the public internet and leads nowhere else."""
    try:
        one: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False  # with a zone (fe80::1%eth0), or none at all
    if any(one in network for network in NEVER):
        return False
    return one.is_global and not one.is_multicast and not one.is_reserved


def safe_address(url: str) -> SplitResult:
    """Return the parts of an address that may be asked; ``UnfetchedError`` (address) for any other."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        raise UnfetchedError(Unfetched.ADDRESS) from None
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    good = plain and host and len(url) <= LONGEST_ADDRESS and (port or 443) in PORTS
    if not good or parts.scheme != "https" or parts.username is not None or parts.password is not None:
        raise UnfetchedError(Unfetched.ADDRESS)
    return parts


class Pinned(HTTPSConnection):
    """A connection to the addresses that were looked at, and to no other; the certificate is the name's."""

    def __init__(self, host: str, port: int, addresses: list[str], outside: Outside) -> None:
        self._trust = outside.trust()
        super().__init__(host, port, timeout=WITHIN, context=self._trust)
        self._addresses, self._outside = addresses, outside

    def connect(self) -> None:
        """Connect to the first of the addresses that answers."""
        failed: OSError = OSError("no address")
        for address in self._addresses[:TRIED]:
            try:
                plain = self._outside.dial(address, self.port)
            except OSError as error:
                failed = error
                continue
            self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)
            return
        raise failed


def fetch(url: str, outside: Outside | None = None) -> bytes:
    """Return the content at an address, at most ``MOST`` bytes, within ``WITHIN`` seconds.

    Raises ``UnfetchedError`` for all else; nothing is sent to an address that is not public.
    """
    outside = outside or Outside()
    try:
        with _clock():
            for _ in range(REDIRECTS + 1):
                answer = _ask(url, outside)
                if isinstance(answer, bytes):
                    return answer
                url = urljoin(url, answer)
    except Slow:
        raise UnfetchedError(Unfetched.SLOW) from None
    raise UnfetchedError(Unfetched.REDIRECTS)


def _ask(url: str, outside: Outside) -> bytes | str:
    """Return the content at one address, or where it says that it is."""
    parts = safe_address(url)
    host, port = parts.hostname or "", parts.port or 443
    try:
        connection = Pinned(host, port, _looked_up(host, port, outside), outside)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            said = {"User-Agent": AGENT, "Accept": "text/calendar, */*;q=0.1", "Accept-Encoding": "gzip"}
            connection.request("GET", path, headers=said)
            return _read(connection.getresponse())
        finally:
            connection.close()
    except ssl.SSLError:
        raise UnfetchedError(Unfetched.CERTIFICATE) from None
    except TimeoutError:
        raise UnfetchedError(Unfetched.SLOW) from None
    except (OSError, HTTPException, ValueError):
        raise UnfetchedError(Unfetched.AWAY) from None


def _looked_up(host: str, port: int, outside: Outside) -> list[str]:
    """Return the addresses of a name; refused if one of them is not public: such a name is not to be trusted."""
    addresses = outside.resolve(host, port)
    if not addresses:
        raise UnfetchedError(Unfetched.AWAY)
    if not all(is_public(one) for one in addresses):
        raise UnfetchedError(Unfetched.NOT_PUBLIC)
    return addresses


def _read(answer: HTTPResponse) -> bytes | str:
    if answer.status in MOVED and (where := answer.headers.get("Location")):
        return str(where)
    if answer.status != OK:
        why = {**dict.fromkeys(GONE, Unfetched.GONE), **dict.fromkeys(CLOSED, Unfetched.CLOSED)}
        raise UnfetchedError(why.get(answer.status, Unfetched.SERVER))
    coding = (answer.headers.get("Content-Encoding") or "identity").strip().lower()
    if coding not in {"identity", "gzip", "x-gzip"}:
        raise UnfetchedError(Unfetched.SERVER)
    content = b"".join(_pieces(answer, packed=coding != "identity"))
    if answer.length:  # less came than was promised
        raise UnfetchedError(Unfetched.SERVER)
    return content


def _pieces(answer: HTTPResponse, *, packed: bool) -> Iterator[bytes]:
    """Yield the content piece by piece, unpacked; never more than a piece above the limit is made."""
    unpack = zlib.decompressobj(wbits=31)
    left = MOST
    while piece := answer.read(CHUNK):
        try:
            clear = unpack.decompress(piece, left + 1) if packed else piece
        except zlib.error:
            raise UnfetchedError(Unfetched.SERVER) from None
        left -= len(clear)
        if left < 0:
            raise UnfetchedError(Unfetched.TOO_LARGE)
        yield clear
    if packed and not unpack.eof:
        raise UnfetchedError(Unfetched.SERVER)  # cut off


@contextmanager
def _clock() -> Iterator[None]:
    """Raise ``Slow`` in what runs here when the time is up, whatever it waits for."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise Slow

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, WITHIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
