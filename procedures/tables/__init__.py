"""Reading CSV files: rows, the columns that other systems have, and the rows that cannot be imported."""

from procedures.tables import cells, column_map, table
from procedures.tables.cells import check_cards, check_characters
from procedures.tables.column_map import ColumnMap
from procedures.tables.columns import COLUMNS, Fields
from procedures.tables.error_rows import ErrorRows
from procedures.tables.keyed_digest import digest, digest_key
from procedures.tables.table import LONGEST_CELL, ImportRefused, Row, RowFault, Table
