"""Tokens for tests: SoftHSM's, each in a directory of its own."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "a-pin-of-tests"


def token(directory: Path, monkeypatch: pytest.MonkeyPatch, *, label: str = "savas") -> str:
    """Make a token with a PIN in a file; gives its address, and lets this process and its children find it.

    SoftHSM reads its settings whenever a process loads it anew, which a provider does when none was open.
    """
    if not MODULE.exists() or not shutil.which("softhsm2-util"):
        if os.environ.get("CI") == "true":
            pytest.fail("SoftHSM is missing: apt-get install softhsm2")
        pytest.skip("SoftHSM is not installed here: apt-get install softhsm2")
    (directory / "tokens").mkdir(exist_ok=True)
    settings = directory / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {directory / 'tokens'}\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(settings))
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "not-ours"],
        check=True,
        capture_output=True,
        timeout=300,
    )
    pin = directory / "pin"
    pin.write_text(f"{PIN}\n")
    pin.chmod(0o600)
    return address(pin, label=label)


def address(pin: Path, *, label: str = "savas", module: Path = MODULE) -> str:
    """The address of a token."""
    return f"pkcs11:token={label}?module-path={module}&pin-source=file:{pin}"
