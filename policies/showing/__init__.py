"""Policies for people to read: what each may see and why, who reads a field, which rules do nothing."""

from policies.showing.explain import Explanation, Line, NoSuchRecord, explain
from policies.showing.hints import hints
from policies.showing.table import table
from policies.showing.who import Reader, readers
