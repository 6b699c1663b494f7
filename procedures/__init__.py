"""What is done, step by step: every verb that changes data, one file per noun.

A procedure takes plain arguments and who asks (`by`), asks the policies, and changes rows in one
transaction, all or nothing.
"""
