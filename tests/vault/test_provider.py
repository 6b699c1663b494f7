"""What every key provider promises, whatever it is made of."""

import pickle
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests import softhsm
from vault import provider
from vault.errors import ProviderError, SealBroken
from vault.provider import KeyProvider
from vault.vault import Vault

ALL = ("epoch-1", "index-1", "hash-1", "signing-1")


@pytest.fixture(params=["file", "pkcs11"])
def address(request, tmp_path: Path, monkeypatch) -> str:
    """Where an empty key provider is."""
    if request.param == "pkcs11":
        return softhsm.token(tmp_path, monkeypatch)
    provider.created(f"file:{tmp_path / 'keys.json'}").close()
    return f"file:{tmp_path / 'keys.json'}"


@pytest.fixture
def keys(address: str) -> Iterator[KeyProvider]:
    keys = provider.opened(address)
    yield keys
    keys.close()


@pytest.fixture
def full(keys: KeyProvider) -> KeyProvider:
    for name in ALL:
        keys.create(name)
    return keys


def refused(code: str):
    return pytest.raises(ProviderError, check=lambda error: error.code == code)


def test_a_provider_knows_what_it_is(address, keys):
    assert address.startswith(f"{keys.kind}:")


def test_a_new_provider_holds_nothing(keys):
    assert keys.names() == frozenset()


def test_keys_are_found_again_by_their_names(address, full):
    full.close()

    again = provider.opened(address)
    assert again.names() == set(ALL)
    again.close()


def test_a_key_is_made_once(full):
    before = full.mac("hash-1", b"text")

    for name in ALL:
        with refused("PROVIDER_EXISTS"):
            full.create(name)

    assert full.mac("hash-1", b"text") == before


@pytest.mark.parametrize("plain", [b"", b"a ring", bytes(5000)])
@pytest.mark.parametrize("context", [b"", b"ring|1|somebody"])
def test_what_was_wrapped_opens(full, plain, context):
    sealed = full.wrap("epoch-1", plain, context)

    assert len(sealed) == 12 + len(plain) + 16
    assert full.unwrap("epoch-1", sealed, context) == plain


def test_nothing_is_wrapped_the_same_way_twice(full):
    assert len({full.wrap("epoch-1", b"a ring", b"")[:12] for _ in range(50)}) == 50


def test_what_was_changed_anywhere_does_not_open(full):
    sealed = full.wrap("epoch-1", b"a ring", b"somebody")

    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            full.unwrap("epoch-1", bytes(changed), b"somebody")
    assert full.unwrap("epoch-1", sealed, b"somebody") == b"a ring"


def test_what_was_cut_anywhere_does_not_open(full):
    sealed = full.wrap("epoch-1", b"a ring", b"somebody")

    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            full.unwrap("epoch-1", sealed[:length], b"somebody")


def test_what_was_wrapped_for_another_does_not_open(full):
    sealed = full.wrap("epoch-1", b"a ring", b"somebody")

    with pytest.raises(SealBroken):
        full.unwrap("epoch-1", sealed, b"somebody else")


def test_what_was_wrapped_under_another_key_does_not_open(full):
    full.create("epoch-2")

    with pytest.raises(SealBroken):
        full.unwrap("epoch-2", full.wrap("epoch-1", b"a ring", b""), b"")


def test_a_keyed_hash_is_of_its_key_and_its_text(full):
    full.create("hash-2")
    hashes = {full.mac(name, text) for name in ("hash-1", "hash-2", "index-1") for text in (b"", b"a", b"b")}

    assert len(hashes) == 9
    assert {len(each) for each in hashes} == {32}
    assert full.mac("hash-1", b"a") == full.mac("hash-1", b"a")


def test_a_mark_is_of_its_text_and_its_key_and_is_no_keyed_hash_of_it(full):
    keys, again = Vault(full), Vault(full)

    assert keys.mark("a") == keys.mark("a") == again.mark("a")
    assert len({keys.mark("a"), keys.mark("b"), keys.keyed_hash("a"), sha256(b"a").hexdigest()}) == 4


def test_a_signature_is_of_its_text_and_can_be_checked_by_anybody(full):
    public = Ed25519PublicKey.from_public_bytes(full.public("signing-1"))

    public.verify(full.sign("signing-1", b"a checkpoint"), b"a checkpoint")
    assert full.sign("signing-1", b"a checkpoint") != full.sign("signing-1", b"another")


@pytest.mark.parametrize("name", ALL)
def test_a_destroyed_key_is_gone(address, full, name):
    sealed = full.wrap("epoch-1", b"a ring", b"")

    full.destroy(name)

    assert full.names() == set(ALL) - {name}
    with refused("PROVIDER_WRONG"):
        {
            "epoch": lambda: full.unwrap(name, sealed, b""),
            "index": lambda: full.mac(name, b""),
            "hash": lambda: full.mac(name, b""),
            "signing": lambda: full.public(name),
        }[name.partition("-")[0]]()


def test_a_key_made_anew_is_another(full):
    sealed = full.wrap("epoch-1", b"a ring", b"")
    full.destroy("epoch-1")
    full.create("epoch-1")

    with pytest.raises(SealBroken):
        full.unwrap("epoch-1", sealed, b"")


def test_destroying_what_is_not_there_is_no_error(keys):
    keys.destroy("epoch-9")


def test_a_key_that_is_not_there_is_said_so(keys):
    for work in (
        lambda: keys.wrap("epoch-9", b"", b""),
        lambda: keys.unwrap("epoch-9", bytes(40), b""),
        lambda: keys.unwrap("epoch-9", b"", b""),
        lambda: keys.mac("hash-9", b""),
        lambda: keys.sign("signing-9", b""),
        lambda: keys.public("signing-9"),
    ):
        with refused("PROVIDER_WRONG"):
            work()


def test_two_who_hold_the_same_provider_see_the_same_keys(address, full):
    other = provider.opened(address)
    sealed = full.wrap("epoch-1", b"a ring", b"")

    assert other.unwrap("epoch-1", sealed, b"") == b"a ring"
    other.create("epoch-2")
    assert full.unwrap("epoch-2", other.wrap("epoch-2", b"a ring", b""), b"") == b"a ring"
    other.close()
    assert full.unwrap("epoch-1", sealed, b"") == b"a ring"


def test_a_provider_shows_nothing_and_is_written_nowhere(address, full):
    assert repr(full) in {"FileProvider()", "TokenProvider()"}
    with pytest.raises(TypeError):
        pickle.dumps(full)


@pytest.mark.parametrize("wrong", ["", "file:", "pkcs11:", "/etc/keys", "https://keys.example", "FILE"])
def test_what_is_no_address_is_refused(wrong):
    with refused("PROVIDER_INVALID"):
        provider.opened(wrong)
