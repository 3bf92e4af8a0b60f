from __future__ import annotations

import socket

import pytest

from samsyn.embedded import ports
from samsyn.embedded.errors import PortTakenError


def test_a_picked_port_can_be_demanded() -> None:
    port = ports.pick()
    assert ports.demand(port) == port


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 what another program may do
def test_a_taken_port_is_refused_with_its_number(address: str) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((address, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"port {port} is taken"):
            ports.demand(port)


def test_a_port_that_does_not_exist_is_refused() -> None:
    with pytest.raises(PortTakenError, match="between 1 and 65535"):
        ports.demand(70000)


def test_a_port_that_a_stopped_server_left_with_closed_connections_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            accepted, _ = server.accept()
            accepted.close()
    assert ports.demand(port) == port
