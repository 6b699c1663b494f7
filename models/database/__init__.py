"""Connecting to SQLite and PostgreSQL: transactions, locks, copies."""

from models.database import backup
from models.database.connection import (
    CONNECTION,
    KEYS,
    TABLES,
    DatabaseError,
    Dialect,
    Write,
    after_commit,
    before_commit,
    beside,
    configuration,
    connected,
    create_file,
    dialect,
    in_transaction_now,
    kind,
    open_context,
    sqlite_path,
    sqlite_url,
    transaction,
)
from models.database.lock import alone
from models.database.sqlite import ImmediateClient, WholeStatements

__all__ = [
    "CONNECTION",
    "KEYS",
    "TABLES",
    "DatabaseError",
    "Dialect",
    "ImmediateClient",
    "WholeStatements",
    "Write",
    "after_commit",
    "alone",
    "backup",
    "before_commit",
    "beside",
    "configuration",
    "connected",
    "create_file",
    "dialect",
    "in_transaction_now",
    "kind",
    "open_context",
    "sqlite_path",
    "sqlite_url",
    "transaction",
]
