"""Importing employees, customers and orders from CSV files, in runs that may be cut off and repeated."""

from procedures.imports import importing, marks
from procedures.imports.batch import Batch, Entry
from procedures.imports.consent import ExistingConsents, LegalBasis, NoticeText, registered
from procedures.imports.customers import SUPPORT, import_customers, new_numbers
from procedures.imports.employees import import_employees
from procedures.imports.importing import LONGEST_KEY, Options, Report, run
from procedures.imports.marks import imported
from procedures.imports.orders import Lines, import_orders, read_lines, read_products, refuse_orphans
from procedures.imports.rows import RowPlanner, locked, reachable, refuse_second, same
