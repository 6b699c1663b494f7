"""`savas user`: who may sign in.

A password is asked for without echo, read from standard input, or made up and printed once: never given
as an argument or in the environment, where other users of the machine could read it.
"""

import secrets
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from commands.app import App
from commands.exits import Exit
from commands.options import HERE, Where, roles_from
from commands.terminal import print_table

if TYPE_CHECKING:
    from datetime import datetime

    from models import Role
    from procedures.access import LeftTask

#: Bytes read from standard input at most: more than the longest password, and an end to a wrong pipe.
_MOST = 4096

app = App(name="user", no_args_is_help=True, help="Add and list those who may sign in, and end that.")

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="The login.")]
RoleName = Annotated[
    str,
    typer.Argument(metavar="ROLE", help="One of those that the policies declare, such as privacy_officer."),
]


@dataclass(frozen=True)
class Secret:
    """Where a password comes from: standard input, chance, or else the terminal."""

    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", help="Read the password from the first line of standard input."),
    ] = False
    generate: Annotated[
        bool,
        typer.Option("--generate", help="Generate a password, and print it once."),
    ] = False

    def password(self) -> str:
        """The password."""
        if self.password_stdin and self.generate:
            raise typer.BadParameter("--password-stdin and --generate exclude each other")
        if self.generate:
            return secrets.token_urlsafe(18)
        if self.password_stdin:
            return _line()
        if not sys.stdin.isatty():
            typer.echo(
                "savas: there is no terminal to ask for a password on: use --password-stdin or --generate",
                err=True,
            )
            raise typer.Exit(Exit.USAGE)
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt="Once more"))

    def tell(self, text: str, password: str) -> None:
        """Print what was done, and a password that was generated."""
        typer.echo(text, err=self.generate)
        if self.generate:
            # Alone on standard output, so that it can be piped into a password safe.
            typer.echo(password)


ASKED = Secret()


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
    invite: Annotated[
        bool,
        typer.Option(
            "--invite",
            help="Mail the employee a code to set a password by, in the place of a password that you know.",
        ),
    ] = False,
    secret: Secret = ASKED,
    where: Where = HERE,
) -> None:
    """Add an employee."""
    from procedures.access import user

    roles = roles_from([name.lower().replace("-", "_") for name in role], "--role")
    if invite:
        if secret != ASKED:
            raise typer.BadParameter("--invite takes the place of a password")
        until = where.run(_invited(login, name, roles, manager), unsealed=True)
        typer.echo(f"The employee is there; a code to set a password by is mailed. {_good(until)}")
        return
    password = secret.password()
    where.run(user.add_employee(login, name, roles, password, manager))
    secret.tell("The employee can sign in.", password)


@app.command()
def invite(login: Login, where: Where = HERE) -> None:
    """Mail an employee a code to set a password by; nobody else knows either. The present password stays until then."""
    from procedures.passwords import staff

    typer.echo(f"A code is mailed. {_good(where.run(staff.invite(login), unsealed=True))}")


@app.command("add-customer")
def add_customer(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The customer's number.")],
    secret: Secret = ASKED,
    where: Where = HERE,
) -> None:
    """Let a customer sign in, by the customer number."""
    from procedures.access import user

    password = secret.password()
    where.run(user.add_customer_login(number, password))
    secret.tell("The customer can sign in.", password)


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
    *,
    secret: Secret = ASKED,
    where: Where = HERE,
) -> None:
    """Add a program of a partner, which signs in by its name and a secret."""
    from procedures.access import user

    password = secret.password()
    where.run(user.add_partner_client(partner, name, password))
    secret.tell("The partner's client can sign in.", password)


@app.command()
def password(login: Login, secret: Secret = ASKED, where: Where = HERE) -> None:
    """Replace a password, and end every session of the login."""
    from procedures.access import user

    new = secret.password()
    where.run(user.set_password(login, new))
    secret.tell("The password is replaced, and every session has ended.", new)


@app.command()
def deactivate(login: Login, where: Where = HERE) -> None:
    """Deactivate a login: its sessions end at once, signing in is refused, and nothing can be read by its tasks.

    Its open tasks are listed, to be given to others.
    """
    from procedures.access import user

    left = where.run(user.deactivate(login))
    typer.echo("They can no longer sign in; every session has ended.")
    print_left_tasks(left)


@app.command()
def activate(login: Login, where: Where = HERE) -> None:
    """Activate a login again, with its former password."""
    from procedures.access import user

    where.run(user.activate(login))
    typer.echo("They can sign in again.")


@app.command("role-give")
def role_give(login: Login, role: RoleName, where: Where = HERE) -> None:
    """Give an employee a role, which counts at once; privacy officers are notified by mail."""
    from procedures import staff

    where.run(staff.give_role_by_login(login, _role(role)))
    typer.echo("The employee has the role.")


@app.command("role-take")
def role_take(login: Login, role: RoleName, where: Where = HERE) -> None:
    """Take a role from an employee at once, but not the last one; privacy officers are notified by mail."""
    from procedures import staff

    where.run(staff.take_role_by_login(login, _role(role)))
    typer.echo("The employee has the role no longer.")


@app.command("totp-reset")
def totp_reset(login: Login, where: Where = HERE) -> None:
    """Remove the authenticator app of somebody who lost it; the password alone signs in until they enrol again.

    More: docs/signing-in.md.
    """
    from procedures.access import user

    where.run(user.reset_totp(login))
    typer.echo("No code is asked of them any more.")


@app.command("list")
def listed(where: Where = HERE) -> None:
    """List everybody who can sign in, or once could."""
    from procedures.access import user

    print_table(
        ("Login", "Kind", "Name", "Roles", "Active"),
        (
            (one.login, one.kind, one.name, ", ".join(one.roles), "yes" if one.active else "no")
            for one in where.run(user.listed())
        ),
    )


async def _invited(login: str, name: str, roles: "Iterable[Role]", manager: str | None) -> "datetime":
    from procedures.access import user
    from procedures.passwords import staff

    # Nobody is added whom no code would reach.
    staff.require_reachable(login)
    await user.add_employee(login, name, roles, None, manager)
    return await staff.invite(login)


def _good(until: "datetime") -> str:
    return f"It is good until {until:%Y-%m-%d %H:%M} UTC."


def print_left_tasks(tasks: "Sequence[LeftTask]") -> None:
    """Print the open tasks of whoever was deactivated, if there are any."""
    if tasks:
        typer.echo("Their open tasks open nothing; a manager gives them to somebody else:")
        print_table(
            ("Customer", "Purpose", "Due (UTC)", "Login"),
            (
                (each.customer, each.purpose, each.due_at and f"{each.due_at:%Y-%m-%d}", each.login)
                for each in tasks
            ),
        )


def _role(name: str) -> "Role":
    return roles_from([name.lower().replace("-", "_")], "ROLE")[0]


def _line() -> str:
    first = sys.stdin.buffer.readline(_MOST).rstrip(b"\r\n")
    try:
        return first.decode()
    except UnicodeDecodeError:
        raise typer.BadParameter("the password is not UTF-8 text", param_hint="--password-stdin") from None
