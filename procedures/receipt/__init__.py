"""Receipts of consents (ISO/IEC TS 27560), as a document and as a page."""

from procedures.receipt import receipt_file
from procedures.receipt.receipt import make
from procedures.receipt.receipt_page import label, page
