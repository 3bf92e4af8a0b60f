"""What can go wrong when the embedded servers start: each is one sentence that a person can act on."""

from __future__ import annotations


class EmbeddedError(Exception):
    """A start that was refused; whatever it had begun is ended again."""


class FolderInUseError(EmbeddedError):
    """Another process holds the data folder."""


class PortTakenError(EmbeddedError):
    """The port that was asked for cannot be had."""


class ServerSetupError(EmbeddedError):
    """A server cannot be set up on this machine or in this folder."""


class ChildFailedError(EmbeddedError):
    """A child process did not become ready, or died too often; ``name`` says which, ``log`` holds its last lines."""

    def __init__(self, name: str, what: str, log: str) -> None:
        super().__init__(f"{name} {what}" + (f"; its last words:\n{log}" if log else "; it wrote nothing to its log"))
        self.name = name
        self.log = log
