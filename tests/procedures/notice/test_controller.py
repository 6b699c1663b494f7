"""Who is responsible: a file, and what is told when it will not do."""

import tomllib
from pathlib import Path

import pytest

from demo.world import CONTROLLER
from procedures.notice.controller import AUTHORITY, EXAMPLE, KEYS, ControllerError, load

SECRET = "Ona Kazlauskienė"


def written(path: Path, text: str) -> Path:
    """A file with a text."""
    file = path / "controller.toml"
    file.write_text(text, encoding="utf-8")
    return file


def without(text: str, key: str) -> str:
    """A text without the line of a key."""
    return "\n".join(line for line in text.splitlines() if not line.startswith(f"{key} ="))


@pytest.mark.parametrize("file", [EXAMPLE, CONTROLLER])
def test_the_files_that_come_with_savas_can_be_used(file: Path) -> None:
    assert load(file).authority.name


def test_the_demos_controller_is_marked_as_invented() -> None:
    held = tomllib.loads(CONTROLLER.read_text("utf-8"))
    assert "invented" in held["name"]
    assert all("invented" in held["authority"][key] for key in ("name", "address", "contact"))


@pytest.mark.parametrize("key", sorted(KEYS.keys() - {"authority", "name", "address", "contact"}))
def test_what_is_missing_is_named(tmp_path: Path, key: str) -> None:
    with pytest.raises(ControllerError, match=f"{key} is missing") as refused:
        load(written(tmp_path, without(EXAMPLE.read_text("utf-8"), key)))
    assert refused.value.code == "CONTROLLER_INVALID"
    assert EXAMPLE.name in str(refused.value)


def test_everything_that_is_wrong_is_named_at_once_and_no_value(tmp_path: Path) -> None:
    text = f'name = ""\njurisdiction = "{SECRET}"\nretention = "for ever"\nowner = "{SECRET}"\n[authority]\nname = 7\n'

    with pytest.raises(ControllerError) as refused:
        load(written(tmp_path, text))

    said = str(refused.value)
    for fault in ("id is missing", "name cannot be used", "jurisdiction cannot be used", "owner is unknown",
                  "retention cannot be used", "authority.name cannot be used", "authority.address is missing"):  # fmt: skip
        assert fault in said
    assert SECRET not in said


@pytest.mark.parametrize("text", ["", "name", "= 1", '"', "[authority\n"])
def test_a_file_that_is_not_toml_or_says_nothing_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ControllerError) as refused:
        load(written(tmp_path, text))
    assert refused.value.code == "CONTROLLER_INVALID"


def test_where_there_is_no_file_the_way_out_is_told(tmp_path: Path) -> None:
    with pytest.raises(ControllerError) as refused:
        load(tmp_path / "controller.toml")
    assert refused.value.code == "CONTROLLER_MISSING"
    assert "--controller" in str(refused.value)


def test_every_key_stands_in_the_example() -> None:
    held = tomllib.loads(EXAMPLE.read_text("utf-8"))
    assert held.keys() == KEYS.keys()
    assert held["authority"].keys() == AUTHORITY.keys()
