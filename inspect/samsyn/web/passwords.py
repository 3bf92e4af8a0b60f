"""A new password as forms take it: long enough, typed twice; the same rule wherever one is chosen."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from samsyn.access.rules import SHORTEST_PASSWORD
from samsyn.web.parsing import Body

LONGEST_PASSWORD: Final = 200


def long_enough(password: SecretStr) -> SecretStr:
    """Refuse a password that is guessed soon; its length is what counts (NIST SP 800-63B, 3.1.1.2)."""
    if not SHORTEST_PASSWORD <= len(password.get_secret_value()) <= LONGEST_PASSWORD:
        raise PydanticCustomError("password_length", "too short or too long")
    return password


class NewPassword(Body):
    """A password that somebody chooses."""

    password: Annotated[SecretStr, AfterValidator(long_enough)]
    again: SecretStr

    @field_validator("again")
    @classmethod
    def same(cls, again: SecretStr, info: ValidationInfo) -> SecretStr:
        """Refuse two passwords that differ: nobody sees what is typed."""
        if "password" in info.data and again != info.data["password"]:
            raise PydanticCustomError("password_again", "the two differ")
        return again
