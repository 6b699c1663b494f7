"""The second factor of a login: codes that change every half minute, and recovery codes."""

from uuid import UUID

from tortoise import fields
from tortoise.fields import OneToOneRelation, ReverseRelation

from models.base import Record, refers_to
from models.keys import keyring
from models.records.account import Account
from vault.seal import Sealed, open_, place, seal

#: What the key is called on the ring that an actor has of its own, as customers have theirs.
KEY = "totp"


class Totp(Record, table="totps"):
    """The secret that an actor's codes are made from; it counts once a code of it was shown.

    Attributes:
        secret: sealed under the actor's own ring; `seal_secret` seals it and `open_secret` opens it.
        last_step: the half minute of the last code that was accepted, counted from 1970.
    """

    actor: OneToOneRelation[Account] = fields.OneToOneField("models.Account", "totp", fields.CASCADE)
    actor_id: UUID
    secret = fields.BinaryField()
    last_step = fields.BigIntField(default=0)
    created_at = fields.DatetimeField()
    confirmed_at = fields.DatetimeField(null=True)

    recovery_codes: ReverseRelation["RecoveryCode"]

    async def seal_secret(self, secret: str) -> None:
        """Seal a secret into the row, which is to be saved; needs an open vault."""
        ring = (await keyring.ensure([self.actor_id], [KEY]))[str(self.actor_id)]
        self.secret = seal(ring.key(KEY), self._place(), secret.encode("ascii"))

    async def open_secret(self) -> str:
        """The secret in plain.

        Raises:
            SealedError: the vault is sealed.
            SealBroken: it was not sealed for this actor.
        """
        ring = (await keyring.ensure([self.actor_id], [KEY]))[str(self.actor_id)]
        sealed = Sealed(bytes(self.secret))
        return open_(ring.opener(KEY, sealed), self._place(), sealed).decode("ascii")

    def _place(self) -> bytes:
        return place(self._meta.db_table, f"{self.id}|{self.actor_id}", 1, 1)


class RecoveryCode(Record, table="recovery_codes"):
    """A code that works once instead of a changing one; kept as a keyed hash of 32 bytes."""

    totp = refers_to(Totp, "recovery_codes", fields.CASCADE)
    totp_id: UUID
    digest = fields.BinaryField()
    used_at = fields.DatetimeField(null=True)
