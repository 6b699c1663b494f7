"""Passwords of the tests are hashed once in each process: a hash takes as long as guessing is to take."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from argon2 import PasswordHasher

from procedures.access import password

_real = password._hasher


class _Once:
    """Hashes as the house does, but not the same password twice."""

    @staticmethod
    @cache
    def hash(given: bytes) -> str:
        """The hash of a password; the same for the same."""
        return _real.hash(given)

    def __getattr__(self, name: str) -> Any:
        return getattr(_real, name)


@contextmanager
def hashed_once() -> Iterator[None]:
    """Meanwhile whoever gets a password that somebody else had gets the same hash."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(password, "_hasher", _Once())
        yield


@contextmanager
def hashed_cheaply() -> Iterator[None]:
    """Meanwhile passwords are hashed as quickly as argon2 can: nobody signs in with them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(password, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield
