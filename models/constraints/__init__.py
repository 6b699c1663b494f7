"""Rules and indexes that the database itself keeps, and the tables of a fresh one."""

from models.constraints import fresh
from models.constraints.enforcement import enforce, missing
