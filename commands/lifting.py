"""How `savas suppression lift` asks for what is lifted, and in whose name it does so."""

import typer

from commands.explaining import signed_in
from models import Category, ContactKind
from policies.actor import Channel
from procedures.suppression import Trait, lift, of_values


def asked(kind: str, country: str | None) -> tuple[Trait, str]:
    """The address, number or personal code, and the reference, that are typed now; they stand in no history of commands.

    Raises:
        typer.BadParameter: there is no such kind, or a personal code has no country.
    """
    if kind not in (*ContactKind, "PERSONAL_CODE"):
        raise typer.BadParameter("There is no such kind.", param_hint="--kind")
    if (kind == "PERSONAL_CODE") is not bool(country):
        raise typer.BadParameter("A personal code, and nothing else, has a country.", param_hint="--country")
    value = typer.prompt("The code" if country else "The address or number")
    evidence = typer.prompt("A reference to the person's own wish")
    if country:
        return of_values(Category.PERSONAL_CODE, {"country": country, "code": value})[0], evidence
    return of_values(Category.CONTACT_POINT, {"kind": kind, "value": value})[0], evidence


async def lifted(login: str, trait: Trait, evidence: str) -> int:
    """Lift it in the name of whoever has the login; returns how many entries there were."""
    return await lift(trait, evidence, by=await signed_in(login, channel=Channel.CONSOLE))
