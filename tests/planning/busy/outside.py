"""Somebody else's calendar server, over TLS and under names of its own; and a trap for what the guard lets astray."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from samsyn.core.outgoing import Outside

NAME: Final = "calendar.example"
PUBLIC: Final = "93.184.216.34"
"""The address that the server's names have in the world of the tests."""
Answer = Callable[[socket.socket], None]


def http(status: str, *headers: str, body: bytes = b"") -> Answer:
    """An answer in one piece."""
    lines = [f"HTTP/1.1 {status}", "Connection: close", f"Content-Length: {len(body)}", *headers]

    def send(sock: socket.socket) -> None:
        sock.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    return send


def calendar(body: bytes) -> Answer:
    return http("200 OK", "Content-Type: text/calendar; charset=utf-8", body=body)


def make_certificate(folder: Path, name: str = NAME) -> tuple[Path, Path]:
    """A certificate that vouches for itself, and its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(name), x509.DNSName(f"*.{name}")])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    trusted, chain = folder / f"{name}.pem", folder / f"{name}.chain.pem"
    trusted.write_bytes(public)
    chain.write_bytes(public + secret)
    return trusted, chain


@dataclass
class Listener:
    """A socket that takes connections on this machine, and how many it has taken."""

    port: int
    taken: list[bytes] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)


@contextmanager
def listening(chain: Path | None, answers: Mapping[str, Answer] | None = None) -> Iterator[Listener]:
    """Listen with TLS, or as a trap without; each path is answered as it says, others with 404."""
    context = None
    if chain is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
    server = socket.create_server(("127.0.0.1", 0))
    here = Listener(server.getsockname()[1], answers=dict(answers or {}))
    busy: list[threading.Thread] = []

    def run() -> None:
        while True:
            try:
                plain, _ = server.accept()
            except OSError:
                return
            busy.append(threading.Thread(target=serve, args=(plain,), daemon=True))
            busy[-1].start()

    def serve(plain: socket.socket) -> None:
        plain.settimeout(8)
        with plain, suppress(OSError, ValueError):
            if context is None:
                here.taken.append(plain.recv(4096))
                return
            with context.wrap_socket(plain, server_side=True) as sock:
                asked = b""
                while b"\r\n\r\n" not in asked and (piece := sock.recv(4096)):
                    asked += piece
                here.taken.append(asked)
                path = asked.split(b" ", 2)[1].decode()
                here.answers.get(path, http("404 Not Found"))(sock)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)
        for one in busy:
            one.join(10)


def world(server: int, trap: int, trusted: Path, names: Mapping[str, list[str]] | None = None) -> Outside:
    """The outside of the tests: the server's names at a public address; any other address falls into the trap."""
    known = {NAME: [PUBLIC], f"other.{NAME}": [PUBLIC], **(names or {})}

    def resolve(host: str, _port: int) -> list[str]:
        if host in known:
            return known[host]
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        return [str(found[0][4][0])]

    def dial(address: str, _port: int) -> socket.socket:
        return socket.create_connection(("127.0.0.1", server if address == PUBLIC else trap), timeout=3)

    return Outside(resolve, dial, lambda: ssl.create_default_context(cafile=str(trusted)))
