"""A real IMAP server, Debian's Dovecot: mail is handed to it by LMTP, as an authority's own mail server would."""

from __future__ import annotations

import os
import pwd
import shutil
import smtplib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from samsyn.embedded.ports import LOOPBACK, answers, pick
from tests.embedded.waiting import wait_until

PASSWORD: Final = "hemligt"
CONFIGURATION: Final = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
recipient_delimiter = +
first_valid_uid = 1
mail_location = maildir:{folder}/mail
default_internal_user = {internal}
default_login_user = {login}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server with one mailbox for every address."""

    imap: int
    lmtp: int

    @property
    def url(self) -> str:
        """The address of its mailbox, as the service is told it."""
        return f"imap://samsyn:{PASSWORD}@{LOOPBACK}:{self.imap}"

    def take(self, raw: bytes, sender: str, to: str) -> None:
        with smtplib.LMTP(LOOPBACK, self.lmtp) as lmtp:
            lmtp.sendmail(sender, [to], raw)


@contextmanager
def open_dovecot() -> Iterator[Dovecot]:
    """Start one in a folder of its own, which its own account may pass through, and end it."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("dovecot is not here: apt-get install --no-install-recommends dovecot-imapd dovecot-lmtpd")
    root = os.geteuid() == 0
    mine = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
    server, place = Dovecot(pick(), pick()), TemporaryDirectory(prefix="samsyn-dovecot-")
    folder = Path(place.name)
    folder.chmod(0o711)
    for name in ("run", "mail"):
        (folder / name).mkdir(parents=True)
        os.chown(folder / name, mine.pw_uid, mine.pw_gid)
    said = CONFIGURATION.format(
        folder=folder, password=PASSWORD, uid=mine.pw_uid, gid=mine.pw_gid, imap=server.imap, lmtp=server.lmtp,
        internal="dovecot" if root else mine.pw_name, login="dovenull" if root else mine.pw_name,
    )  # fmt: skip
    (folder / "dovecot.conf").write_text(said)
    running = subprocess.Popen([program, "-F", "-c", str(folder / "dovecot.conf")])
    try:
        wait_until(lambda: answers(server.imap, b"", b"* OK") and answers(server.lmtp, b"", b"220"))
        yield server
    finally:
        running.terminate()
        running.wait(timeout=20)
        place.cleanup()
