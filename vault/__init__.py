"""How it is sealed: keys, sealing, blind indexes, and the mathematics of the ledger.

Pure: nothing here knows of records or requests.
"""
