"""Invented people to try things out with: filled into an empty database, and how to sign in as each of them."""

from demo.filling import FILE, NotEmpty, Persona, fill, stored
from demo.queries import CAST
