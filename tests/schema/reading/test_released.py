"""What is given and answered shows no value in a text of itself, such as a traceback or a log would hold."""

from dataclasses import is_dataclass
from typing import Any

import pytest

from schema.build import build
from schema.types import types_of

ORIGINS: dict[str, Any] = {
    kind.name: definition.origin
    for kind in types_of(build())
    if (definition := (getattr(kind, "extensions", None) or {}).get("strawberry-definition")) is not None
    and is_dataclass(getattr(definition, "origin", None))
    and kind.name not in ("Query", "Mutation")
}


def test_there_are_types_of_each_kind():
    assert {"Customer", "TaskOpenInput", "SignInPayload", "CustomerConnection", "Withheld"} <= ORIGINS.keys()


@pytest.mark.parametrize("name", sorted(ORIGINS))
def test_a_text_of_a_value_names_its_type_alone(name: str):
    made = object.__new__(ORIGINS[name])
    made.__dict__.update(dict.fromkeys(ORIGINS[name].__dataclass_fields__, "Jonas Jonaitis"))

    assert "Jonas" not in f"{made} {made!r}"
