"""Connecting to SQLite and PostgreSQL: transactions, locks, copies."""

from models.database import backup
from models.database.connection import (
    CONNECTION,
    KEYS,
    TABLES,
    Connections,
    DatabaseError,
    Dialect,
    beside,
    configuration,
    connected,
    create_file,
    dialect,
    entered,
    forget_statements,
    kind,
    opened_context,
    sqlite_path,
    sqlite_url,
)
from models.database.lock import try_lock
from models.database.sqlite import ImmediateClient, WholeStatements
from models.database.statements import fetch, for_update, literal, postgres, run, run_many, with_slots
from models.database.transactions import (
    Write,
    after_commit,
    before_commit,
    current_transaction,
    first_time,
    in_transaction_now,
    snapshot,
    transaction,
)
