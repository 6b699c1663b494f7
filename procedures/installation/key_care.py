"""The state of the vault and its keys, and recovery copies for the day the keys are lost."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models import Erasure
from models.event import Event
from models.keys import keybook, keyring
from policies.actor import utc_now
from procedures import ledger, private_file
from procedures.errors import Conflict
from procedures.installation.start import Reason
from procedures.keys import sealing
from vault import recovery, vault


class RotationUnfinished(Conflict):
    """No recovery copy is made while keys are being replaced: it would hold one that is about to be destroyed."""

    code = "ROTATION_UNFINISHED"
    message = (
        "Keys are being replaced, and a copy would be void at once. Finish that: ./savas vault rotate, "
        "or ./savas vault rotate --indexes; then make the copy."
    )


@dataclass(frozen=True)
class Status:
    """The state of the vault, its keys and erasures; `sealed` is why it is sealed, or None while it is open."""

    sealed: Reason | None
    provider: str = "-"
    epochs: tuple[tuple[int, datetime], ...] = ()
    rings: int = 0
    index_epochs: tuple[int, ...] = ()
    plain_rows: int = 0
    erasures: int = 0
    pending: int = 0
    recovery: str = "none"

    def rows(self) -> list[tuple[str, str]]:
        """The state as a table of names and values to print."""
        if self.sealed:
            return [("vault", f"sealed: {self.sealed.code}"), ("what to do", self.sealed.message)]
        epochs = ", ".join(f"{number} (since {begun:%Y-%m-%d %H:%M} UTC)" for number, begun in self.epochs)
        return [
            ("vault", "open"),
            ("key provider", self.provider),
            ("epoch", epochs + _replacement_note(len(self.epochs), "./savas vault rotate")),
            ("rings", str(self.rings)),
            (
                "index epoch",
                ", ".join(map(str, self.index_epochs))
                + _replacement_note(len(self.index_epochs), "./savas vault rotate --indexes"),
            ),
            (
                "rows in plain",
                f"{self.plain_rows}" + ("; seal them: ./savas migrate" if self.plain_rows else ""),
            ),
            ("erasures", f"{self.erasures}, {self.pending} to be completed"),
            ("recovery copy", self.recovery),
        ]


async def status(sealed: Reason | None) -> Status:
    """The state of the vault of this process; `sealed` is the reason that opening the installation gave, if any."""
    if sealed is not None:
        return Status(sealed)
    keys, epochs = vault.current(), await keyring.epochs()
    copies = await keybook.recovery()
    return Status(
        None,
        keys.provider.kind,
        tuple(epochs.items()),
        await keyring.count_rings(),
        keys.index_epochs(),
        await sealing.plain_rows(),
        await Erasure.all().count(),
        await Erasure.filter(completed_at=None).count(),
        _recovery(copies, max(epochs)),
    )


async def recover(public: str, out: Path) -> int:
    """Write a recovery copy that only the offline key opens; returns the epoch whose keys it holds.

    Raises:
        ProviderError: the public text is malformed, or the provider does not let its keys be copied.
        RotationUnfinished: a key is about to be destroyed.
    """
    epochs = await keyring.epochs()
    if len(epochs) > 1 or len(vault.current().index_epochs()) > 1:
        raise RotationUnfinished
    epoch = max(epochs)
    copy = recovery.sealed_copy(vault.current().provider, public)
    with private_file.opened(out, new=True) as file:
        file.buffer.write(copy)
    await keybook.mark_recovery(epoch, utc_now())
    await ledger.note(Event.RECOVERY_MADE, None, epoch=epoch)
    return epoch


def _recovery(copies: dict[int, datetime], epoch: int) -> str:
    if epoch in copies:
        return f"of epoch {epoch}, made {copies[epoch]:%Y-%m-%d %H:%M} UTC"
    return "void: keys it was made of have been replaced" if copies else "none"


def _replacement_note(epochs: int, command: str) -> str:
    return f", being replaced; if nobody is at it: {command}" if epochs > 1 else ""
