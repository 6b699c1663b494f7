"""What a restored backup has lost of what people asked for, said and closed: closed, repeated, or listed."""

from procedures.lost.listing import JOB, Lost, listed, settle, tell
from procedures.lost.replaying import Replayed, replay
