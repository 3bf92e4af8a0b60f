"""Files of evidence and their folders are the service's own: nobody else on the machine lists or reads them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from samsyn.core.keys import Keys
from samsyn.findings.vault import address_of, fetch, store

KEYS = Keys("k1", {"k1": b"k" * 32})


def modes(folder: Path) -> set[int]:
    return {
        one.stat().st_mode & 0o777 for one in (folder / "evidence", *(folder / "evidence").rglob("*")) if one.is_dir()
    }


@pytest.mark.parametrize("before", [False, True])
def test_folders_are_closed_also_where_an_older_one_stands_open(tmp_path: Path, before: bool) -> None:
    address = address_of(KEYS, "a", b"bild")
    if before:
        (tmp_path / "evidence" / address[:2]).mkdir(parents=True)
        for one in (tmp_path / "evidence", tmp_path / "evidence" / address[:2]):
            one.chmod(0o755)
    old = os.umask(0o022)
    try:
        store(KEYS, tmp_path, "a", address, b"bild")
    finally:
        os.umask(old)
    assert modes(tmp_path) == {0o700}
    assert (tmp_path / "evidence" / address[:2] / address).stat().st_mode & 0o777 == 0o600
    assert fetch(KEYS, tmp_path, "a", address) == b"bild"
