"""Codes to set a password by: sent by staff, asked for by whoever forgot the password, and brought back."""

from datetime import datetime
from typing import Annotated, Any

from policies.actor import Actor
from procedures.passwords import password_code
from schema.reading import Context, CustomerId, mutation
from schema.session import AppCode


@mutation(
    "The code that was sent.",
    {"expires_at": (datetime, "Until when the code is good.")},
    input="The customer who is to sign in.",
)
async def password_code_send(customer_id: CustomerId, *, by: Actor) -> Any:
    """Send a customer a code to set a password by, for the first time or after the password was forgotten.

    It goes to an e-mail address or telephone that was verified a week ago or longer, and neither written down nor verified by
    you. Nobody but its reader sees it.
    """
    return await password_code.send(customer_id, by=by)


@mutation("The result, which is the same whoever the login belongs to.", input="Who forgot the password.")
async def password_code_request(login: Annotated[str, "The customer's number."], *, context: Context) -> None:
    """Have a code sent to yourself to set a password by, for the first time or because you forgot it.

    The answer does not tell whether there is such a customer. Employees ask the operator for a code.
    """
    await password_code.request(login, address=context.address, clock=context.actor.clock)


@mutation(
    "The login whose password was set.",
    {"login": (str, "The login to sign in with.")},
    input="The code that was sent, and the password.",
)
async def password_code_use(
    login: Annotated[str, "The customer's number, or the employee's login."],
    code: Annotated[str, "The code that was sent."],
    password: Annotated[str, "The new password, of at least 12 characters."],
    app_code: AppCode = None,
    *,
    context: Context,
) -> Any:
    """Set a password by a code that was sent to you; all your sessions end, and you are notified wherever you are reached."""
    return await password_code.use(
        login, code, password, app_code, address=context.address, clock=context.actor.clock
    )
