"""Ports on loopback."""

from __future__ import annotations

import socket

from samsyn.embedded.errors import PortTakenError

LOOPBACK = "127.0.0.1"


def pick() -> int:
    """Return a port of 127.0.0.1 that was free a moment ago; whoever starts a server on it must stand a lost race."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def demand(port: int) -> int:
    """Return ``port`` if a server can listen on it, else raise ``PortTakenError`` with its number in the sentence.

    SO_REUSEADDR as servers set it: connections that a stopped server left in TIME_WAIT do not count as taken.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except PermissionError:
            raise PortTakenError(f"port {port} needs rights that this user lacks: choose one above 1023") from None
        except OverflowError:
            raise PortTakenError(f"port {port} does not exist: choose one between 1 and 65535") from None
        except OSError as error:
            what = f"port {port} is taken ({error.strerror}): stop what uses it, or choose another"
            raise PortTakenError(what) from None
    return port


def answers(port: int, question: bytes, answer: bytes) -> bool:
    """Say whether a server on ``port``, sent ``question``, begins its reply with ``answer`` within a second."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            connection.sendall(question)
            reply = b""
            while len(reply) < len(answer) and (more := connection.recv(256)):
                reply += more
    except OSError:
        return False
    return reply.startswith(answer)
