"""How many numbers of cards the scanner finds, and how often it takes something else for one.

    python -m benchmarks.card_scan --texts 20000
    python -m benchmarks.card_scan --samples DIRECTORY

`--samples` adds every cell of the CSV files in a directory, none of which may hold a card.
"""

import time
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Annotated

import typer

from models.values.card_scan import holds_card_number
from tests.procedures.card_corpus import KINDS, digits, sampled, with_cards, without_cards


def share(texts: Iterable[str]) -> tuple[int, int, float]:
    """How many texts there are, how many of them hold a card, and the microseconds of processor time for one."""
    held = list(texts)
    begun = time.process_time()
    found = sum(map(holds_card_number, held))
    return len(held), found, (time.process_time() - begun) / max(len(held), 1) * 1e6


def main(
    texts: Annotated[int, typer.Option(help="How many texts of each kind.")] = 20_000,
    seed: Annotated[int, typer.Option(help="What the texts follow from.")] = 1,
    samples: Annotated[Path | None, typer.Option(help="A directory of CSV files without cards.")] = None,
) -> None:
    """Print recall and false alarms."""
    chance = Random(seed)
    typer.echo("| Texts | Count | Found | Share | µs each |\n| --- | ---: | ---: | ---: | ---: |")
    _say("with a card", share(with_cards(chance, texts)))
    total, alarms = 0, 0
    for kind in KINDS:
        counted = share(without_cards(chance, kind, texts))
        total, alarms = total + counted[0], alarms + counted[1]
        _say(kind, counted)
    typer.echo(f"| all without a card | {total:,} | {alarms:,} | {alarms / total:.3%} | |")
    if samples:
        _say("sample files", share(sampled(samples)))
    _say("any 16 digits", share(digits(chance, 16) for _ in range(texts)))


def _say(what: str, counted: tuple[int, int, float]) -> None:
    count, found, each = counted
    typer.echo(f"| {what} | {count:,} | {found:,} | {found / count:.3%} | {each:.1f} |")


if __name__ == "__main__":
    typer.run(main)
