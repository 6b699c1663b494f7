"""Signing in: accounts, passwords, one-time codes, sessions, and slowing down whoever guesses."""

from procedures.access import network, one_time_code, other_sessions, password, session, totp, user
from procedures.access.one_time_code import TRIES, VALID, CodeExpired, CodeUsed, CodeVoid, CodeWrong
from procedures.access.password import hashed, slow_digest
from procedures.access.session import actor_of, authenticate, spellings, token_hash
from procedures.access.throttle import Allowance, Throttle, login_mark
