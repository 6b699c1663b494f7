"""Instructions to end what a customer consented to, recorded on the customer's behalf and decided by a second person."""

from procedures.instruction.instruction import approve, contradict, keep, listed, refuse
