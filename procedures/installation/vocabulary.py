"""Whether policies declare the purposes and roles that the database holds."""

from models import EmployeeRole, Notice
from policies.errors import PolicyError
from policies.language import Declared


async def check(declared: Declared) -> None:
    """Refuse policies without a purpose or a role that the database holds: its rows could be neither read nor shown.

    Every consent refers to a notice, so that the notices tell which purposes there are.

    Raises:
        PolicyError: says what to declare again.
    """
    if await Notice.exclude(purpose__in=list(declared.purposes)).exists():
        raise PolicyError(
            "there are notices for a purpose that is not declared; declare it again, and take out what it needs: "
            "then it opens nothing, and what was done for it can still be told"
        )
    if await EmployeeRole.exclude(role__in=list(declared.roles)).exists():
        raise PolicyError(
            "an employee has a role that is not declared; declare it again, and let no rule name it"
        )
