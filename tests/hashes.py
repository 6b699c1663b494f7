"""Hashes of passwords that cost next to nothing: what they cost is proved where it matters, and elsewhere only waited for.

The process of the tests hashes so; a server or a command that a test starts hashes as ever, and each opens what the other
hashed. A test of what hashes cost asks for the fixture `real_hashes`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import pytest
from argon2 import Parameters, PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY

from procedures.access import password

#: As the product hashes.
REAL: Final = RFC_9106_LOW_MEMORY
#: The cheapest that argon2 allows.
CHEAP: Final = replace(REAL, time_cost=1, memory_cost=8, parallelism=1)


def cheap(patch: pytest.MonkeyPatch) -> None:
    """Hash cheaply from now on."""
    _hash_by(CHEAP, patch)


@contextmanager
def real() -> Iterator[None]:
    """Hash as the product does, for a while."""
    with pytest.MonkeyPatch.context() as patch:
        _hash_by(REAL, patch)
        yield


def _hash_by(parameters: Parameters, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(password, "RFC_9106_LOW_MEMORY", parameters)
    patch.setattr(password, "_hasher", PasswordHasher.from_parameters(parameters))
    patch.setattr(password, "_NOBODYS", password._unmatchable())
