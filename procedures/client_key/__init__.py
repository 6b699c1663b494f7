"""Clients' keys: what is asked for twice under one key is done once."""

from procedures.client_key.client_key import KeyReused, Made, Sent, once
from procedures.client_key.expiry import KEYS, TERM, expire
