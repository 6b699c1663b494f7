"""Looking after the keys: what state they are in, and copies for the day they are lost."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models import Erasure, keyring
from models.event import Event
from policies.asker import utc_now
from procedures import erasure, ledger, private, sealing
from procedures.place import Place
from vault import recovery, vault


@dataclass(frozen=True)
class Status:
    """What there is to know about the vault; `sealed` is the reason, or None while it is open."""

    sealed: str | None
    provider: str = "-"
    epochs: tuple[tuple[int, datetime], ...] = ()
    rings: int = 0
    index_epochs: tuple[int, ...] = ()
    plain_rows: int = 0
    erasures: int = 0
    pending: int = 0
    missing: int = 0
    recovery: str = "none"

    def rows(self) -> list[tuple[str, str]]:
        """The same for people: names and values."""
        if self.sealed:
            return [("vault", f"sealed: {self.sealed}")]
        epochs = ", ".join(f"{number} (since {begun:%Y-%m-%d %H:%M} UTC)" for number, begun in self.epochs)
        return [
            ("vault", "open"),
            ("key provider", self.provider),
            ("epoch", epochs + (", being replaced" if len(self.epochs) > 1 else "")),
            ("rings", str(self.rings)),
            ("index epoch", ", ".join(map(str, self.index_epochs))),
            ("rows in plain", str(self.plain_rows)),
            ("erasures", f"{self.erasures}, {self.pending} to be completed, {self.missing} to be repeated"),
            ("recovery copy", self.recovery),
        ]


async def status() -> Status:
    """The state of the vault of this process."""
    if (why := vault.reason()) is not None:
        return Status(why)
    keys, epochs = vault.current(), await keyring.epochs()
    copies = await keyring.recovery()
    return Status(
        None,
        keys.provider.kind,
        tuple(epochs.items()),
        await keyring.counted(),
        keys.index_epochs(),
        await sealing.plain_rows(),
        await Erasure.all().count(),
        await Erasure.filter(completed_at=None).count(),
        len(await erasure.missing()),
        _copy(copies, max(epochs)),
    )


def new_offline_key(path: Path) -> str:
    """Make a key to keep away from this machine; gives what copies are sealed to.

    Raises:
        ProviderError: the file cannot be written, or is there already.
    """
    return recovery.new_offline_key(path)


async def recover(public: str, out: Path) -> int:
    """Write a recovery copy that only the offline key opens; returns the epoch it is good for.

    Raises:
        ProviderError: the public text is none, or the provider's keys do not leave it.
    """
    epoch = max(await keyring.epochs())
    copy = recovery.sealed_copy(vault.current().provider, public)
    with private.opened(out, new=True) as file:
        file.buffer.write(copy)
    await keyring.mark_recovery(epoch, utc_now())
    await ledger.note(Event.RECOVERY_MADE, None, epoch=epoch)
    return epoch


def restore(place: Place, copy: Path, key: Path) -> None:
    """Make a new key provider from a recovery copy.

    Raises:
        ProviderError: the copy does not open with this key, or there is a provider already.
    """
    recovery.restored(copy.read_bytes(), key, place.provider)


def _copy(copies: dict[int, datetime], epoch: int) -> str:
    if epoch in copies:
        return f"of epoch {epoch}, made {copies[epoch]:%Y-%m-%d %H:%M} UTC"
    return "void: the epoch it was made for has ended" if copies else "none"
