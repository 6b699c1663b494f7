"""What is installed is what was locked."""

import re
import tomllib
from importlib.metadata import version
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.tree import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
#: What a start need not download, by what it weighs installed and what stands in its place.
HEAVY = {
    "faker": "25 MB of words in every language; the demo has its own in demo/words.py",
    "phonenumbers": "40 MB more than phonenumberslite: where numbers are and whose networks, which nobody asks here",
    "pycountry": "23 MB, mostly translations; iso3166 and iso4217 hold the same codes",
    "pyyaml": "4 MB that uvicorn reads settings with; ours are options",
    "websockets": "2 MB that uvicorn speaks them with; there are no subscriptions",
    "z3-solver": "86 MB that prove policies before they are served",
}
RUNTIME = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
EXTRAS = [
    Requirement(text) for texts in PROJECT["project"]["optional-dependencies"].values() for text in texts
]
DEVELOPMENT = [*(Requirement(text) for text in PROJECT["dependency-groups"]["dev"]), *EXTRAS]


def entries(lock: str) -> list[str]:
    """The entries of a lock, each with its hashes, continuation lines joined."""
    text = (ROOT / lock).read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]


def locked(lock: str) -> dict[str, Requirement]:
    """The entries of a lock by name."""
    found = [Requirement(re.split(r"\s+--hash", entry)[0]) for entry in entries(lock)]
    return {canonicalize_name(entry.name): entry for entry in found}


def pinned(entry: Requirement) -> str:
    """The one version an entry allows."""
    (only,) = entry.specifier
    assert only.operator == "=="
    return only.version


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_is_pinned_and_hashed(lock: str) -> None:
    """A name without a hash is whatever the network gives."""
    assert [entry for entry in entries(lock) if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)] == []
    assert all(pinned(entry) for entry in locked(lock).values())


def test_the_larger_lock_holds_the_smaller() -> None:
    """The launcher takes an environment made for the tests as good for everything else."""
    larger = {name: pinned(entry) for name, entry in locked(LOCKS[1]).items()}
    assert {name: pinned(entry) for name, entry in locked(LOCKS[0]).items()}.items() <= larger.items()


@pytest.mark.parametrize(
    ("lock", "wanted"), [(LOCKS[0], RUNTIME), (LOCKS[1], RUNTIME + DEVELOPMENT)], ids=LOCKS
)
def test_the_lock_gives_what_the_project_asks_for(lock: str, wanted: list[Requirement]) -> None:
    """pyproject.toml and the locks are edited by different tools; they must not part."""
    have = locked(lock)
    assert [str(one) for one in wanted if canonicalize_name(one.name) not in have] == []
    assert [
        str(one) for one in wanted if not one.specifier.contains(pinned(have[canonicalize_name(one.name)]))
    ] == []


def test_the_installed_versions_are_the_locked_ones() -> None:
    """A test that passes on other versions proves nothing about ours."""
    here = {
        name: entry for name, entry in locked(LOCKS[1]).items() if not entry.marker or entry.marker.evaluate()
    }
    assert {name: version(name) for name in here} == {name: pinned(entry) for name, entry in here.items()}


def test_cryptography_is_of_the_current_generation() -> None:
    """oso pins an old cffi, and through it an old cryptography; the override must not get lost."""
    if entry := locked(LOCKS[0]).get("cryptography"):
        assert Version(pinned(entry)) >= Version("50")
    assert "cffi>=2.0" in PROJECT["tool"]["uv"]["override-dependencies"]


def test_serving_installs_nothing_heavy_that_has_a_light_stand_in() -> None:
    """The first start waits for every megabyte: without these it is 130 MB instead of 227."""
    assert HEAVY.keys() & set(locked(LOCKS[0])) == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_no_distribution_takes_the_name_of_a_room(lock: str) -> None:
    """`schema` is also a distribution; installed, it would stand in the place of ours."""
    assert not {"schema", "models", "policies", "procedures", "vault", "web", "server", "commands"} & set(
        locked(lock)
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_address(lock: str) -> None:
    """Hashes say what is wanted; where to get it is the installer's choice."""
    assert "://" not in (ROOT / lock).read_text()
