"""The key database: keys of customers and of the epoch, wrapped."""

from models.keys import keybook, keyring, submission_key
from models.keys.submission_key import SubmissionKey
