"""Invented people to try things out with: filled into an empty database, and how to sign in as each of them."""

from demo.filling import CAST, FILE, NotEmpty, Persona, fill, stored

__all__ = ["CAST", "FILE", "NotEmpty", "Persona", "fill", "stored"]
