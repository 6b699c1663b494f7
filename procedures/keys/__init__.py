"""Sealing rows of older versions, and replacing the keys that rows are sealed and indexed under."""

from procedures.keys import carried, indexing, rotation, sealing
