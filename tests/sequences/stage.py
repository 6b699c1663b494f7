"""Where a sequence is played: the town, and what was asked in it; an act is one step of it, as it came out."""

from dataclasses import dataclass, field, replace
from typing import Any

import models
from tests.schema.inputs import MUTATIONS
from tests.sequences.town import Town, codes


@dataclass(frozen=True)
class Act:
    """What was done in a step.

    Attributes:
        what: the mutation, or what else it was.
        by: who did it.
        about: the person whom it was about.
        speaks: the person whose own word it was; None where others, or nobody, said so.
        done: whether it was done; otherwise `code` says why not.
        given: what was said.
    """

    what: str
    by: str
    about: int = -1
    speaks: int | None = None
    done: bool = True
    code: str = ""
    given: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        whom = f" about person {self.about}" if self.about >= 0 else ""
        return f"{self.by}: {self.what}{whom} -> {'done' if self.done else self.code} {self.given}"


@dataclass
class Stage:
    """The town, and what was asked in it."""

    town: Town
    asked: list[tuple[str, models.Account | str | None, str, str, dict[str, Any], Act, Any]] = field(
        default_factory=list
    )
    used: set[str] = field(default_factory=set)

    async def ask(self, act: Act, who: Any) -> Act:
        """Ask the schema, and remember what was asked."""
        if who is None and act.by != "a stranger":
            return replace(act, done=False, code="no login")
        kind = MUTATIONS[act.what].args["input"].type
        text = f"mutation ($input: {kind}) {{ done: {act.what}(input: $input) {{ userErrors {{ code }} }} }}"
        answer = await self.town.asks(who, text, input=act.given)
        refused = codes(answer)
        if not refused and "code" in act.given:
            self.used.add(act.given["code"])
        done = replace(act, done=not refused, code=refused[0] if refused else "")
        self.asked.append((act.what, who, act.by, text, act.given, done, self.town.machine.true))
        return done
