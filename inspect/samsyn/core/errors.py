"""Expected refusals: each has a stable code that the API, the pages and the command line share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class SamsynError(Exception):
    """A refusal that a person can understand; nothing was changed.

    ``code`` is stable and part of the contract; ``missing`` names what a gate wants, ``fields`` the fault per field.
    """

    code = "refused"

    def __init__(
        self, message: str, missing: Sequence[str] = (), fields: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        super().__init__(message)
        self.missing = tuple(missing)
        self.fields = dict(fields or {})


class NotFoundError(SamsynError):
    """Absent, or hidden from this viewer: the two are never told apart."""

    code = "not_found"


class NotAllowedError(SamsynError):
    """The viewer is known and lacks the role."""

    code = "not_allowed"


class FieldSessionError(SamsynError):
    """The device is in a field session, which opens the evening of one operation alone."""

    code = "field_session"


class SecondPersonError(SamsynError):
    """What is asked for needs another person's yes first."""

    code = "second_person"


class NotKnownError(SamsynError):
    """Nobody is signed in, or the credential is unknown, ended or revoked."""

    code = "not_known"


class InvalidError(SamsynError):
    """What was sent cannot be taken; ``fields`` says where."""

    code = "invalid"


class GateClosedError(SamsynError):
    """A step of an operation is refused; ``missing`` names each thing that it wants."""

    code = "gate_closed"


class ConflictError(SamsynError):
    """Collides with something that stands: a double booking, a second row of a kind that may be only once."""

    code = "conflict"


class BusyError(ConflictError):
    """Somebody else holds the same row at this moment: the same thing tried again may go well."""


class WaitingError(SamsynError):
    """Something about the same thing still waits to leave the house; it must leave, or be undone, first."""

    code = "waiting"


class TooSoonError(SamsynError):
    """The same was done a moment ago; later it may be done again."""

    code = "too_soon"


class TooLateError(SamsynError):
    """The time in which this was taken is over."""

    code = "too_late"


class ChangedMeanwhileError(SamsynError):
    """Somebody changed it after the viewer read it (If-Match)."""

    code = "changed_meanwhile"


class PreconditionMissingError(SamsynError):
    """A changing request came without If-Match or Idempotency-Key."""

    code = "precondition_missing"


class KeyReusedError(SamsynError):
    """One Idempotency-Key came with two different requests."""

    code = "key_reused"


class TooMuchError(SamsynError):
    """Larger or more often than the limit allows."""

    code = "too_much"


class FileLostError(SamsynError):
    """A row names a file that is not on the disk: nothing that the caller can do; the installation's keeper can."""

    code = "file_lost"
