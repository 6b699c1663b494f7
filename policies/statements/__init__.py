"""Conditions as SQL: a page of records with what may be seen of each, in one statement."""

from policies.statements import search
from policies.statements.search import Order
from policies.statements.sql import Holds, values_of
from policies.statements.statement import MOST, Page, Statement
