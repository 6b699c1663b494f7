"""Keys on a token: its address, its PIN, and that no key leaves it."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pkcs11
import pytest

from tests import softhsm
from vault import provider, recovery, token_session
from vault.errors import ProviderError
from vault.token_address import TokenAddress
from vault.token_provider import TokenProvider

ROOT = Path(__file__).parents[2]


@pytest.fixture
def address(tmp_path: Path, monkeypatch) -> str:
    return softhsm.token(tmp_path, monkeypatch)


@pytest.fixture
def keys(address: str) -> Iterator[TokenProvider]:
    keys = TokenProvider(address)
    yield keys
    keys.close()


def refused(code: str):
    return pytest.raises(ProviderError, check=lambda error: error.code == code)


def test_an_address_is_taken_apart():
    found = TokenAddress.parse(
        "pkcs11:token=My%20token;serial=ab12?module-path=/usr/lib/x.so&pin-source=file:/etc/pin"
    )

    assert found == TokenAddress("My token", "ab12", Path("/usr/lib/x.so"), Path("/etc/pin"))


@pytest.mark.parametrize("source", ["file:/etc/pin", "file:///etc/pin", "/etc/pin", "file:%2Fetc%2Fpin"])
def test_the_file_with_the_pin_is_named_in_each_lawful_way(source):
    found = TokenAddress.parse(f"pkcs11:token=savas?module-path=/x.so&pin-source={source}")

    assert found.pin == Path("/etc/pin")


@pytest.mark.parametrize(
    "wrong",
    [
        "pkcs11:",
        "pkcs11:token=",
        "pkcs11:token=savas",
        "pkcs11:token=savas?module-path=/x.so",
        "pkcs11:token=savas?pin-source=file:/pin",
        "pkcs11:token=savas?module-path=x.so&pin-source=file:/pin",
        "pkcs11:token=savas?module-path=/x.so&pin-source=file:pin",
        "pkcs11:token=savas?module-path=/x.so&pin-source=file://host/pin",
        "pkcs11:token=savas?module-path=/x.so&pin-source=|cat%20/pin",
        "pkcs11:token=savas?module-path=/x%00.so&pin-source=file:/pin",
        "pkcs11:token=savas;token=other?module-path=/x.so&pin-source=file:/pin",
        "pkcs11:token=savas;object=key?module-path=/x.so&pin-source=file:/pin",
        "pkcs11:token=savas?module-path=/x.so&pin-source=file:/pin&module-name=x",
        "pkcs11:token=%ff?module-path=/x.so&pin-source=file:/pin",
        "pkcs11:savas?module-path=/x.so&pin-source=file:/pin",
    ],
)
def test_an_address_that_does_not_say_everything_or_says_more_is_refused(wrong):
    with refused("PROVIDER_INVALID"):
        provider.opened(wrong)


@pytest.mark.parametrize(
    "wrong", ["pkcs11:token=savas?module-path=/x.so&pin-value=98765", "pkcs11:token=savas;pin-value=98765"]
)
def test_a_pin_in_an_address_is_refused_and_not_repeated(wrong):
    with refused("PROVIDER_INVALID") as caught:
        provider.opened(wrong)

    assert "pin-source" in str(caught.value)
    assert "98765" not in str(caught.value)


def test_a_library_that_is_missing_is_said_so(address, tmp_path):
    with refused("PROVIDER_MISSING"):
        provider.opened(softhsm.address(tmp_path / "pin", module=tmp_path / "nothing.so"))


def test_a_file_that_is_no_library_is_said_so(address, tmp_path):
    with refused("PROVIDER_MISSING"):
        provider.opened(softhsm.address(tmp_path / "pin", module=tmp_path / "softhsm2.conf"))


def test_a_token_that_is_missing_is_said_so(address, tmp_path):
    with refused("PROVIDER_MISSING"):
        provider.opened(softhsm.address(tmp_path / "pin", label="another"))


def test_a_token_that_was_put_in_later_is_found(address, tmp_path, monkeypatch):
    with refused("PROVIDER_MISSING"):
        provider.opened(softhsm.address(tmp_path / "pin", label="later"))

    keys = provider.opened(softhsm.token(tmp_path, monkeypatch, label="later"))
    assert keys.names() == frozenset()
    keys.close()


def test_a_missing_file_with_the_pin_is_said_so(address, tmp_path):
    (tmp_path / "pin").unlink()

    with refused("PROVIDER_MISSING"):
        provider.opened(address)


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644, 0o666])
def test_a_pin_that_others_can_read_is_refused(address, tmp_path, mode):
    (tmp_path / "pin").chmod(mode)

    with refused("PROVIDER_LOOSE"):
        provider.opened(address)


def test_a_link_to_the_pin_is_refused(address, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "pin")

    with refused("PROVIDER_LOOSE"):
        provider.opened(softhsm.address(tmp_path / "link"))


@pytest.mark.parametrize("pin", ["not the pin", "", "1" * 500, "\udcff"])
def test_a_wrong_pin_is_refused_and_not_repeated(address, tmp_path, pin):
    (tmp_path / "pin").write_text(pin, errors="surrogateescape")

    with refused("PROVIDER_WRONG") as caught:
        provider.opened(address)

    assert not pin or pin not in str(caught.value)


def test_a_wrong_pin_is_refused_though_somebody_here_has_signed_in(address, keys, tmp_path):
    (tmp_path / "pin").write_text("not the pin")

    with refused("PROVIDER_WRONG"):
        provider.opened(address)

    assert keys.names() == frozenset()


@pytest.mark.parametrize("name", ["epoch-1", "index-1", "hash-1", "signing-1"])
def test_no_key_leaves_the_token(keys, name):
    keys.create(name)
    secret = pkcs11.ObjectClass.PRIVATE_KEY if name == "signing-1" else pkcs11.ObjectClass.SECRET_KEY

    [key] = keys._objects({pkcs11.Attribute.LABEL: name, pkcs11.Attribute.CLASS: secret})

    for attribute in ("SENSITIVE", "ALWAYS_SENSITIVE", "NEVER_EXTRACTABLE", "PRIVATE", "LOCAL", "TOKEN"):
        assert key[pkcs11.Attribute[attribute]] is True
    assert key[pkcs11.Attribute.EXTRACTABLE] is False
    with pytest.raises(pkcs11.PKCS11Error):
        key[pkcs11.Attribute.VALUE]


def test_a_key_serves_what_it_was_made_for_and_nothing_else(keys):
    keys.create("epoch-1")
    keys.create("hash-1")

    with refused("PROVIDER_WRONG"):
        keys.mac("epoch-1", b"text")
    with refused("PROVIDER_WRONG"):
        keys.wrap("hash-1", b"ring", b"")


@pytest.mark.parametrize("name", ["", "epoch", "epoch-", "epoch-x", "key-1", "epoch-1\n"])
def test_a_name_that_says_no_purpose_is_refused(keys, name):
    with refused("PROVIDER_INVALID"):
        keys.create(name)


def test_other_peoples_keys_on_a_token_are_left_alone(keys):
    keys._shared.session.generate_key(pkcs11.KeyType.AES, 256, label="theirs", store=True)

    keys.destroy("theirs")

    assert keys.names() == frozenset()
    assert keys._objects({pkcs11.Attribute.LABEL: "theirs"})


def test_two_keys_of_one_name_are_not_guessed_between(keys):
    keys.create("epoch-1")
    keys._make("epoch-1")

    with refused("PROVIDER_UNREADABLE"):
        keys.wrap("epoch-1", b"ring", b"")


def test_no_copy_is_made_of_keys_on_a_token(keys, tmp_path):
    with refused("PROVIDER_INVALID") as caught:
        recovery.sealed_copy(keys, recovery.new_offline_key(tmp_path / "offline"))

    assert "backup" in str(caught.value)


def test_many_threads_may_ask_at_once(keys):
    keys.create("epoch-1")
    keys.create("hash-1")
    expected = keys.mac("hash-1", b"text")

    def work(number: int) -> bool:
        plain = str(number).encode()
        sealed = keys.wrap("epoch-1", plain, b"")
        return (keys.unwrap("epoch-1", sealed, b""), keys.mac("hash-1", b"text")) == (plain, expected)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(work, range(400)))


def test_two_processes_never_make_two_keys_of_one_name(address):
    program = (
        "from vault.errors import ProviderError\nfrom vault.token_provider import TokenProvider\n"
        f"keys = TokenProvider({address!r})\n"
        "for n in range(15):\n    try: keys.create(f'epoch-{n}')\n"
        "    except ProviderError as error: assert error.code == 'PROVIDER_EXISTS'\n"
        "assert all(keys.unwrap(n, keys.wrap(n, b'ring', b''), b'') == b'ring' for n in keys.names())\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) for _ in range(2)]

    assert [each.wait(120) for each in both] == [0, 0]

    keys = TokenProvider(address)
    assert keys.names() == {f"epoch-{n}" for n in range(15)}
    assert len(keys._objects({})) == 15
    keys.close()


def test_a_key_that_another_process_destroyed_is_gone_here_too(address, keys):
    keys.create("epoch-1")
    keys.wrap("epoch-1", b"ring", b"")
    program = (
        f"from vault.token_provider import TokenProvider\nTokenProvider({address!r}).destroy('epoch-1')\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=120)

    assert keys.names() == frozenset()
    with refused("PROVIDER_WRONG"):
        keys.wrap("epoch-1", b"ring", b"")


def test_a_closed_provider_answers_nothing_and_lets_go_of_the_library(keys):
    keys.close()
    keys.close()

    with refused("PROVIDER_MISSING"):
        keys.names()
    assert not token_session._open
