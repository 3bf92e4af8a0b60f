"""Half of a photo is kept, encrypted, by whose it is and of which finding; only the rest is sent, then it is gone."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest

from samsyn.core.errors import ConflictError, InvalidError, TooMuchError
from samsyn.core.keys import Keys
from samsyn.findings import uploads
from samsyn.findings.picture import MAX_BYTES
from samsyn.findings.uploads import (
    KEPT,
    LEAST_PART,
    MOST_HALVES,
    MOST_PART,
    Half,
    append,
    clear_old,
    forget,
    offset_of,
    whole,
)

NOW = datetime.now(UTC)
PART = b"x" * LEAST_PART
LENGTH = LEAST_PART + 60
KEYS = Keys("k1", {"k1": b"k" * 32})


@pytest.fixture
def half(tmp_path: Path) -> Half:
    return Half(KEYS, tmp_path, str(uuid4()), str(uuid4()), uuid4(), uuid4())


def files(half: Half) -> list[Path]:
    return sorted(one for one in half.folder.rglob("*") if one.is_file())


def test_parts_of_any_size_are_the_photo_again_and_no_byte_of_it_lies_open(half: Half) -> None:
    chance = Random(5)
    photo = chance.randbytes(700_000)
    at = 0
    while at < len(photo):
        size = chance.randrange(LEAST_PART, 200_000)
        at = append(half, at, len(photo), photo[at : at + size], NOW)
        assert offset_of(half) == at
    assert whole(half, len(photo)) == photo
    assert all(photo[n : n + 16] not in one.read_bytes() for one in files(half) for n in range(0, 2000, 100))
    assert all(one.stat().st_mode & 0o077 == 0 for one in half.folder.rglob("*"))
    assert not any(str(half.person) in str(one) or str(half.finding_id) in str(one) for one in files(half))
    forget(half)
    assert files(half) == []
    assert offset_of(half) == 0


def test_a_part_at_another_offset_is_refused_and_changes_nothing(half: Half) -> None:
    append(half, 0, LENGTH, PART, NOW)
    for start in (0, LEAST_PART - 1, LEAST_PART + 1, LENGTH):
        with pytest.raises(ConflictError):
            append(half, start, 3 * LENGTH, PART, NOW)
    assert offset_of(half) == LEAST_PART
    with pytest.raises(InvalidError):
        append(half, LEAST_PART, LENGTH, b"y" * 61, NOW)
    assert append(half, LEAST_PART, LENGTH, b"y" * 60, NOW) == LENGTH


def test_no_part_but_the_last_is_small(half: Half) -> None:
    with pytest.raises(InvalidError):
        append(half, 0, LENGTH, PART[1:], NOW)
    with pytest.raises(InvalidError):
        append(half, 0, LENGTH, b"", NOW)
    assert files(half) == []


def test_another_persons_and_another_findings_half_is_another_one(half: Half) -> None:
    append(half, 0, LENGTH, PART, NOW)
    for change in ({"person": str(uuid4())}, {"finding_id": uuid4()}, {"owner": str(uuid4())}, {"upload_id": uuid4()}):
        assert offset_of(replace(half, **change)) == 0


def test_a_changed_part_is_no_photo_and_is_sent_anew(half: Half) -> None:
    append(half, 0, 100, b"x" * 100, NOW)
    [file] = files(half)
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with pytest.raises(ConflictError):
        whole(half, 100)
    assert offset_of(half) == 0


def test_parts_that_go_while_they_are_read_or_written_are_lost_and_no_fault(
    half: Half, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another request with the same photo was through with it first."""
    append(half, 0, LENGTH, PART, NOW)
    sizes = uploads._sizes(half)
    [file] = files(half)
    file.write_bytes(b"")
    with pytest.raises(ConflictError):
        whole(half, LENGTH)
    with pytest.raises(ConflictError):
        whole(half, LENGTH)
    monkeypatch.setattr(uploads, "_sizes", lambda _: sizes)
    with pytest.raises(ConflictError):
        whole(half, LEAST_PART)
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: None)
    with pytest.raises(ConflictError):
        append(half, LEAST_PART, LENGTH, b"y" * 60, NOW)


def test_a_part_that_could_not_be_written_leaves_nothing(half: Half, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        append(half, 0, LENGTH, PART, NOW)
    assert files(half) == []


def test_what_was_being_written_when_the_power_went_is_no_part(half: Half) -> None:
    append(half, 0, LENGTH, PART, NOW)
    (half.place / ".half").write_bytes(b"k1\nrubbish")
    assert offset_of(half) == LEAST_PART
    assert whole(half, LEAST_PART) == PART


def test_number_and_size_are_limited_and_old_halves_go(half: Half) -> None:
    with pytest.raises(TooMuchError):
        append(half, 0, MAX_BYTES + 1, b"x", NOW)
    with pytest.raises(TooMuchError):
        append(half, 0, MAX_BYTES, b"x" * (MOST_PART + 1), NOW)
    for _ in range(MOST_HALVES):
        append(replace(half, upload_id=uuid4()), 0, LENGTH, PART, NOW)
    with pytest.raises(TooMuchError):
        append(half, 0, LENGTH, PART, NOW)
    append(replace(half, person=str(uuid4())), 0, LENGTH, PART, NOW)
    old = next(iter(half.home.iterdir()))
    long_ago = (NOW - KEPT - timedelta(seconds=1)).timestamp()
    for place in half.home.iterdir():
        os.utime(place, (NOW.timestamp(), NOW.timestamp()))
    os.utime(old, (long_ago, long_ago))
    assert clear_old(half.folder, NOW) == 1
    assert not old.exists()
    assert append(half, 0, LENGTH, PART, NOW) == LEAST_PART
