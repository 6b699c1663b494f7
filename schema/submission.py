"""Submitting sensitive data sealed to a key of the server, so that nobody on the way can read them."""

from datetime import datetime

import strawberry

from policies.actor import Actor
from procedures.submission import Envelope, key
from schema.reading import Plain, input_type, object_type, query, value


@object_type
class SubmissionKey(Plain):
    """A public key that browsers seal submissions to. Verify its signature, and get a new one for every form."""

    id: strawberry.ID = value("The identifier, for `SubmissionInput.keyId`.")
    suite: str = value("The suite of HPKE (RFC 9180) to seal with.")
    public_key: str = value("The public key, as base64url.")
    expires_at: datetime = value("When the key expires; the server may end it earlier.")
    signature: str = value(
        "An Ed25519 signature by the key that signs the ledger's checkpoints over five lines: `savas submission key 1`, id, suite, publicKey, expiresAt."
    )


@input_type
class SubmissionInput:
    """Data that the browser sealed."""

    customer_id: strawberry.ID = value("The customer whose data they are.")
    key_id: strawberry.ID = value("The `id` of the `SubmissionKey` they are sealed to.")
    sealed: str = value("The sealed data, as base64url; accepted only once.")


@query
async def submission_key(*, by: Actor) -> SubmissionKey:
    """The key that submissions are to be sealed to."""
    published = await key.published(by.now)
    return SubmissionKey(
        id=strawberry.ID(str(published.id)),
        suite=published.suite,
        public_key=published.public_key,
        expires_at=published.expires_at,
        signature=published.signature,
    )


def envelope(input: SubmissionInput) -> Envelope:
    """A submission as its sealer wrote it."""
    return Envelope(str(input.customer_id), str(input.key_id), input.sealed)
