"""Customers who leave: withdrawal of everything, legal holds, certificates of erasure."""

from procedures.leaving import certificate, disclosure, legal_hold, withdrawal
