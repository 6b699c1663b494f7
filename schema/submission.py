"""Submitting sensitive data sealed to a key of the server, so that nobody on the way can read them."""

from datetime import datetime

import strawberry

from policies.actor import Actor
from procedures.submission import Envelope, key
from schema.reading import Plain, query


@strawberry.type(
    description="A public key that browsers seal submissions to. Verify its signature, and get a new "
    "one for every form."
)
class SubmissionKey(Plain):
    """The public half of a key; binary parts are base64url without padding."""

    id: strawberry.ID = strawberry.field(description="The identifier, for `SubmissionInput.keyId`.")
    suite: str = strawberry.field(description="The suite of HPKE (RFC 9180) to seal with.")
    public_key: str = strawberry.field(description="The public key, as base64url.")
    expires_at: datetime = strawberry.field(
        description="When the key expires; the server may end it earlier."
    )
    signature: str = strawberry.field(
        description="An Ed25519 signature by the key that signs the ledger's checkpoints over five lines: "
        "`savas submission key 1`, id, suite, publicKey, expiresAt."
    )


@strawberry.input(description="Data that the browser sealed.")
class SubmissionInput:
    """Whose it is, the key it is sealed to, and what was sealed."""

    customer_id: strawberry.ID = strawberry.field(description="The customer whose data they are.")
    key_id: strawberry.ID = strawberry.field(
        description="The `id` of the `SubmissionKey` they are sealed to."
    )
    sealed: str = strawberry.field(description="The sealed data, as base64url; accepted only once.")


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
