"""What was recorded on a customer's behalf and is decided by a second person: consents that end, and rights on paper."""

from procedures.instruction import delivery, due, restricting
from procedures.instruction.errors import ProofTooLow
from procedures.instruction.instruction import (
    approve,
    contradict,
    deliver,
    extend,
    hand_over,
    prove,
    record,
    refuse,
)
from procedures.instruction.recording import Received, received_at
