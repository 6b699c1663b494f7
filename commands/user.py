"""`savas user`: who may sign in.

Nobody is given a password here: people set their own by a code that is mailed to them. The secret of a partner's program,
which is no person, is made up and printed once.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from commands.app import App
from commands.options import HERE, Where, roles_from
from commands.shown import Shown, table

if TYPE_CHECKING:
    from datetime import datetime

    from models import Role
    from procedures.task import HandedBack

app = App(name="user", no_args_is_help=True, help="Add and list those who may sign in, and end that.")

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="The login.")]
RoleName = Annotated[
    str,
    typer.Argument(metavar="ROLE", help="One of those that the policies declare, such as privacy_officer."),
]


PrintCode = Annotated[
    bool,
    typer.Option(
        "--print-code",
        help="Print the code, good for 15 minutes, for the person beside you: where there is no mail server yet, or the "
        "login is no e-mail address. Privacy officers are told.",
    ),
]


@app.command()
def add(
    login: Login,
    *,
    name: Annotated[str, typer.Option("--name", help="The employee's name.")],
    role: Annotated[
        list[str],
        typer.Option(
            "--role",
            metavar="ROLE",
            help="One of those that the policies declare, such as agent or privacy_officer; may be repeated.",
        ),
    ],
    manager: Annotated[
        str | None, typer.Option("--manager", metavar="LOGIN", help="The login of the employee's manager.")
    ] = None,
    print_code: PrintCode = False,
    where: Where = HERE,
) -> None:
    """Add an employee, and mail them a code to set a password by; nobody else knows either.

    More: docs/signing-in.md.
    """
    roles = roles_from([name.lower().replace("-", "_") for name in role], "--role")
    where.run(_added(login, name, roles, manager, print_code=print_code), unsealed=True)
    typer.echo("The employee is there.", err=print_code)
    invite(login, print_code=print_code, where=where)


@app.command()
def invite(login: Login, *, print_code: PrintCode = False, where: Where = HERE) -> None:
    """Send a code to set a password by: to an employee by mail, to a customer where the customer is surely reached.

    A customer is named by number, needs no account yet, and gets the code from a running server. Nobody else knows code or
    password, and the present password stays until then. The code is good for 24 hours, once.

    More: docs/signing-in.md.
    """
    from procedures.passwords import invitation

    if not print_code:
        until = where.run(invitation.invite(login), unsealed=True)
        typer.echo(f"A code to set a password by is sent. {_good(until)}")
        return
    code, until = where.run(invitation.print_code(login), unsealed=True)
    typer.echo(f"With this code the person beside you sets a password. {_good(until)}", err=True)
    # Alone on standard output.
    typer.echo(code)


@app.command("add-partner")
def add_partner(
    name: Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's name.")], where: Where = HERE
) -> None:
    """Add a partner (a subcontractor); it can read nothing without an agreement."""
    from procedures.access import user

    where.run(user.add_partner(name))
    typer.echo("The partner is there. Add its clients: savas user add-partner-client PARTNER NAME.")


@app.command("add-partner-client")
def add_partner_client(
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's name.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="The login name of the partner's program.")],
    where: Where = HERE,
) -> None:
    """Add a program of a partner, which signs in by its name and the secret that is printed, once.

    A program is no person, so its secret is told: hand it to the partner by a way that only the partner reads, and have the
    program replace it (`partnerSecretReplace`). One that was lost is made anew by an administrator (`partnerSecretRenew`).
    """
    from procedures.access import user

    _, secret = where.run(user.add_partner_client(partner, name))
    typer.echo("The partner's client can sign in. Its secret:", err=True)
    # Alone on standard output, so that it can be piped into a password safe.
    typer.echo(secret)


@app.command()
def deactivate(login: Login, where: Where = HERE) -> None:
    """Deactivate a login: its sessions end at once, signing in is refused, and its open tasks go back to the managers.

    The tasks are listed.
    """
    from procedures import staff

    tasks = where.run(staff.deactivate_by_login(login))
    typer.echo("They can no longer sign in; every session has ended.")
    print_handed_back(tasks)


@app.command()
def activate(login: Login, where: Where = HERE) -> None:
    """Activate a login again, with its former password."""
    from procedures import staff

    where.run(staff.activate_by_login(login))
    typer.echo("They can sign in again.")


@app.command("role-give")
def role_give(login: Login, role: RoleName, where: Where = HERE) -> None:
    """Give an employee a role, which counts at once; privacy officers are notified by mail."""
    from procedures import staff

    tasks = where.run(staff.give_role_by_login(login, _role(role)))
    typer.echo("The employee has the role.")
    print_handed_back(tasks)


@app.command("role-take")
def role_take(login: Login, role: RoleName, where: Where = HERE) -> None:
    """Take a role from an employee at once, but not the last one; privacy officers are notified by mail."""
    from procedures import staff

    tasks = where.run(staff.take_role_by_login(login, _role(role)))
    typer.echo("The employee has the role no longer.")
    print_handed_back(tasks)


@app.command("totp-reset")
def totp_reset(login: Login, where: Where = HERE) -> None:
    """Remove the authenticator app of somebody who lost it; the password alone signs in until they enrol again.

    More: docs/signing-in.md.
    """
    from procedures.access import user

    where.run(user.reset_totp(login))
    typer.echo("No code is asked of them any more.")


@app.command("list")
def listed(where: Where = HERE) -> Shown:
    """List everybody who can sign in, or once could."""
    from procedures.access import user

    return table(
        ("Login", "Kind", "Name", "Roles", "Active"),
        ((one.login, one.kind, one.name, one.roles, one.active) for one in where.run(user.listed())),
    )


async def _added(
    login: str, name: str, roles: "Iterable[Role]", manager: str | None, *, print_code: bool
) -> None:
    from procedures import staff
    from procedures.passwords import invitation

    # Nobody is added whom no code would reach.
    if print_code:
        invitation.require_unreachable(login)
    else:
        invitation.require_reachable(login)
    await staff.add(login, name, roles, manager)


def _good(until: "datetime") -> str:
    return f"It is good until {until:%Y-%m-%d %H:%M} UTC."


def print_handed_back(tasks: "Sequence[HandedBack]") -> None:
    """Print the open tasks that went back to the managers, if there are any."""
    if tasks:
        typer.echo("These tasks are nobody's now; a manager gives them to somebody else:")
        table(
            ("Customer", "Purpose", "Due (UTC)", "Login"),
            ((each.customer, each.purpose, each.due_at, each.login) for each in tasks),
        ).print()


def _role(name: str) -> "Role":
    return roles_from([name.lower().replace("-", "_")], "ROLE")[0]
