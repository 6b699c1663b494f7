"""How what is sensitive is handed in: sealed to a key of the server's, so that nobody on the way can read it."""

from datetime import datetime

import strawberry
from strawberry.types import Info

from procedures.submission import Envelope, key
from schema.reading import Context, Plain, signed_in


@strawberry.type(
    description="A key to seal submissions to. Check its signature, and fetch it anew for every form."
)
class SubmissionKey(Plain):
    """The public half of a key; binary parts are base64url without padding."""

    id: strawberry.ID = strawberry.field(description="What a submission names it by.")
    suite: str = strawberry.field(description="The suite of HPKE (RFC 9180) to seal with.")
    public_key: str = strawberry.field(description="The public key.")
    expires_at: datetime = strawberry.field(
        description="From when it opens nothing more; the server may end it earlier."
    )
    signature: str = strawberry.field(
        description="An Ed25519 signature by the key that signs the ledger's checkpoints over five lines: "
        "`savas submission key 1`, id, suite, publicKey, expiresAt."
    )


@strawberry.input(description="A sealed submission.")
class SubmissionInput:
    """Whose it is, the key it is sealed to, and what was sealed."""

    customer_id: strawberry.ID = strawberry.field(description="Whose data it holds.")
    key_id: strawberry.ID = strawberry.field(description="The key it is sealed to.")
    sealed: str = strawberry.field(description="What was sealed, as base64url; taken once.")


@strawberry.type
class SubmissionQueries:
    """What can be asked before submitting."""

    @strawberry.field(description="The key to seal submissions to.")
    async def submission_key(self, info: Info[Context, None]) -> SubmissionKey:
        """The published key."""
        signed_in(info.context)
        found = await key.published(info.context.actor.now)
        return SubmissionKey(
            id=strawberry.ID(str(found.id)),
            suite=found.suite,
            public_key=found.public_key,
            expires_at=found.expires_at,
            signature=found.signature,
        )


def envelope(input: SubmissionInput) -> Envelope:
    """A submission as its sealer wrote it."""
    return Envelope(str(input.customer_id), str(input.key_id), input.sealed)
