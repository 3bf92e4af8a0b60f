from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from samsyn.embedded.valkey import Valkey
from tests.embedded.waiting import wait_until


def test_valkey_keeps_its_data_and_password_over_a_restart(folder: Path) -> None:
    server = Valkey.start(folder)
    with redis.Redis.from_url(server.url) as client:
        client.set("key", "value")
        settings = client.config_get("*")
        assert {name: settings[name] for name in ("appendonly", "appendfsync", "maxmemory-policy", "bind", "save")} == {
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "bind": "127.0.0.1",
            "save": "",
        }
    server.stop()
    again = Valkey.start(folder)
    with redis.Redis.from_url(again.url) as client:
        assert client.get("key") == b"value"
    again.stop()
    assert again.password == server.password


def test_a_killed_valkey_comes_back_on_its_port_with_its_data(folder: Path) -> None:
    server = Valkey.start(folder)
    with redis.Redis.from_url(server.url) as client:
        client.set("key", "value")
        client.waitaof(1, 0, 2000)
    first = server.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: server.pid not in {None, first})

    def value() -> bytes | None:
        with redis.Redis.from_url(server.url) as client:
            try:
                answer = client.get("key")
            except redis.ConnectionError:
                return None
            assert isinstance(answer, bytes)
            return answer

    wait_until(lambda: value() == b"value")
    server.stop()


def test_nobody_without_the_password_gets_in_and_no_other_user_reads_it(folder: Path) -> None:
    server = Valkey.start(folder, durable=False)
    with redis.Redis(port=server.port, retry=Retry(NoBackoff(), 0)) as client, pytest.raises(redis.AuthenticationError):
        client.get("key")
    for name in ("password", "valkey.conf"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    server.stop()
