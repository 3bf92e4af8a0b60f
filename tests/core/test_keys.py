"""Keys: bound to purpose and owner, rotated without losing what they closed, never shown."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from samsyn.core.keys import Keys, fingerprint, load_keys, make_key_file

OLD = Keys("k1", {"k1": b"1" * 32})
NEW = Keys("k2", {"k1": b"1" * 32, "k2": b"2" * 32})


def test_what_was_encrypted_opens_only_with_its_purpose_owner_and_key() -> None:
    sealed, name = OLD.encrypt("operator", b"hemligt", "authority")
    assert OLD.decrypt("operator", sealed, "authority", name) == b"hemligt"
    assert b"hemligt" not in sealed
    for purpose, owner, keys in (
        ("inbound", "authority", OLD),
        ("operator", "another", OLD),
        ("operator", "authority", Keys("k1", {"k1": b"3" * 32})),
    ):
        with pytest.raises(InvalidTag):
            keys.decrypt(purpose, sealed, owner, name)
    changed = bytes([sealed[0] ^ 1]) + sealed[1:]
    with pytest.raises(InvalidTag):
        OLD.decrypt("operator", changed, "authority", name)


def test_two_encryptions_of_the_same_differ() -> None:
    assert OLD.encrypt("operator", b"x", "a") != OLD.encrypt("operator", b"x", "a")


def test_after_a_rotation_old_ciphertext_opens_and_matching_still_matches() -> None:
    sealed, name = OLD.encrypt("operator", b"x", "a")
    assert NEW.decrypt("operator", sealed, "a", name) == b"x"
    assert NEW.encrypt("operator", b"x", "a")[1] == "k2"
    assert NEW.digest("operator", "556") == OLD.digest("operator", "556")


def test_a_digest_depends_on_every_value_and_where_it_ends() -> None:
    said = [OLD.digest("p", "ab", "c"), OLD.digest("p", "a", "bc"), OLD.digest("q", "ab", "c"), OLD.digest("p", "abc")]
    assert len(set(said)) == len(said)


def test_a_key_file_is_made_once_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "keys.json"
    make_key_file(path)
    first = path.read_bytes()
    make_key_file(path)
    assert path.read_bytes() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keys = load_keys(path)
    assert (keys.current, len(keys.by_name["k1"])) == ("k1", 32)
    assert json.loads(first)["keys"]["k1"] not in repr(keys)


def test_keys_and_secrets_are_not_shown() -> None:
    assert "1" * 32 not in repr(replace(OLD))
    assert fingerprint("a") == fingerprint("a") != fingerprint("b")
    assert len(fingerprint("a")) == 64
