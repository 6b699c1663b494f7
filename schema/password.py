"""Passwords: changed by their owners, and set by a code that was sent to them."""

from datetime import datetime
from typing import Annotated, Any

from policies.actor import Actor
from procedures import passwords
from procedures.access import password
from schema.reading import Context, CustomerId, mutation
from schema.session import AppCode


@mutation(
    "The result of changing a password.",
    {"ended_sessions": (int, "How many other sessions of yours were ended.")},
    input="The current and the new password.",
)
async def password_change(
    current: Annotated[str, "The current password."],
    new: Annotated[str, "The new password, of at least 12 characters."],
    *,
    by: Actor,
    context: Context,
) -> Any:
    """Change your password; needs a confirmed session, and ends all your other sessions."""
    return await password.change(current, new, by=by, address=context.address)


@mutation(
    "The code that was sent.",
    {"expires_at": (datetime, "Until when the code is good.")},
    input="The customer who is to sign in.",
)
async def password_invite(customer_id: CustomerId, *, by: Actor) -> Any:
    """Send a customer a code to set a password by, for the first time or after the password was forgotten.

    It goes to an e-mail address or telephone that was verified a week ago or longer, and neither written down nor verified by
    you. Nobody but its reader sees it.
    """
    return await passwords.begin(customer_id, by=by)


@mutation("The result, which is the same whoever the login belongs to.", input="Who forgot the password.")
async def password_forgotten(login: Annotated[str, "The customer's number."], *, context: Context) -> None:
    """Have a code sent to yourself to set a password by, for the first time or because you forgot it.

    The answer does not tell whether there is such a customer. Employees ask the operator for a code.
    """
    await passwords.forgotten.ask(login, address=context.address, clock=context.actor.clock)


@mutation(
    "The login whose password was set.",
    {"login": (str, "The login to sign in with.")},
    input="The code that was sent, and the password.",
)
async def password_set(
    login: Annotated[str, "The customer's number, or the employee's login."],
    code: Annotated[str, "The code that was sent."],
    password: Annotated[str, "The new password, of at least 12 characters."],
    app_code: AppCode = None,
    *,
    context: Context,
) -> Any:
    """Set a password by a code that was sent to you; all your sessions end, and you are told wherever you are reached."""
    return await passwords.set_password(
        login, code, password, app_code, address=context.address, clock=context.actor.clock
    )
