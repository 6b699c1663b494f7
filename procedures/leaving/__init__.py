"""Customers who leave: withdrawal of everything, legal holds, certificates of erasure, suppression."""

from procedures.leaving import certificate, disclosure, legal_hold, suppression, withdrawal
