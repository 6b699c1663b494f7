"""Nothing is believed of an archive that its sender has not signed, and nothing is read that could hurt."""

import json
import stat
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.archives import zip_file
from procedures.tables import ImportRefused
from tests.procedures.arriving import Desk, Parcel, digest, zipped


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def code_of(desk: Desk, raw: bytes) -> str:
    """Why an archive is refused."""
    with pytest.raises(ImportRefused) as refusal:
        desk.opened(raw)
    return refusal.value.code


def test_what_a_sender_signed_is_read_as_it_was_written(desk: Desk, parcel: Parcel):
    assert desk.opened(parcel.raw) == parcel.data
    assert desk.opened(parcel.saying().raw) == parcel.data


def test_no_byte_of_a_file_is_changed_unnoticed(desk: Desk, parcel: Parcel):
    for name, held in parcel.files.items():
        for at in range(0, len(held), max(1, len(held) // 12)):
            for bit in (1, 0x80):
                changed = held[:at] + bytes([held[at] ^ bit]) + held[at + 1 :]
                assert code_of(desk, parcel.packed({name: changed})) in (
                    "ARCHIVE_DIFFERS", "SIGNATURE_INVALID", "ARCHIVE_UNREADABLE",
                ), name  # fmt: skip


def test_no_bit_of_the_archive_itself_says_something_else(desk: Desk, parcel: Parcel):
    """Some bits of a ZIP say nothing, such as the hour at which a file was packed."""
    raw, said = parcel.raw, parcel.data
    places = {*range(0, len(raw), len(raw) // 400), *range(len(raw) - 400, len(raw))}
    for at in places:
        changed = raw[:at] + bytes([raw[at] ^ (1 << at % 8)]) + raw[at + 1 :]
        with suppress(ImportRefused):
            assert desk.opened(changed) == said


def test_an_archive_that_was_cut_off_is_none(desk: Desk, parcel: Parcel):
    raw = parcel.raw
    for size in {*range(0, len(raw), len(raw) // 50), len(raw) - 1, len(raw) - 22}:
        assert code_of(desk, raw[:size]) == "ARCHIVE_UNREADABLE"


@given(st.binary(max_size=200))
def test_whatever_else_it_is_no_archive(tmp_path_factory: pytest.TempPathFactory, raw: bytes):
    desk = Desk(tmp_path_factory.mktemp("desk"))
    assert code_of(desk, raw) == "ARCHIVE_UNREADABLE"
    assert code_of(desk, raw + b"PK\x05\x06" + bytes(18)) == (
        "ARCHIVE_UNREADABLE" if raw else "ARCHIVE_DIFFERS"
    )


def test_no_file_is_added_taken_away_or_renamed(desk: Desk, parcel: Parcel):
    for changed in (
        parcel.packed({"csv/more.csv": b"a"}),
        parcel.packed(without=["csv/orders.csv"]),
        parcel.packed({"csv/bills.csv": parcel.files["csv/orders.csv"]}, without=["csv/orders.csv"]),
        parcel.packed(without=["MANIFEST.json"]),
        parcel.packed(without=["MANIFEST.sig"]),
        parcel.packed(without=["signing.pub"]),
        parcel.packed(without=["data.json"]),
    ):
        assert code_of(desk, changed) == "ARCHIVE_DIFFERS"


def test_a_manifest_that_another_signed_is_none_of_this_sender(desk: Desk, parcel: Parcel):
    other = parcel.saying()
    assert other.key != parcel.key
    for name in ("MANIFEST.json", "MANIFEST.sig", "signing.pub"):
        assert code_of(desk, parcel.packed({name: other.files[name]})) == "SIGNATURE_INVALID"
    assert code_of(desk, parcel.packed({"MANIFEST.sig": b"00" * 64})) == "SIGNATURE_INVALID"
    assert code_of(desk, parcel.packed({"signing.pub": b"xx"})) == "ARCHIVE_UNREADABLE"


@pytest.mark.parametrize(
    "name",
    [
        "../data.json",
        "/etc/passwd",
        "csv/../../x",
        "csv\\x",
        "C:x",
        "csv/",
        "a/b/c",
        ".hidden",
        "a\0b",
        "Ж",
        " ",
        "a//b",
    ],
)
def test_a_name_that_leads_elsewhere_is_not_safe(desk: Desk, parcel: Parcel, name: str):
    raw = zipped(*parcel.files.items(), ("placeholder", b"x"))
    if name.isascii() and len(name) <= len("placeholder"):
        # The library would mend some of these names as it writes them.
        raw = raw.replace(b"placeholder", name.encode().ljust(len("placeholder"), name[-1:].encode()))
    else:
        raw = zipped(*parcel.files.items(), (name, b"x"))
    assert code_of(desk, raw) == "ARCHIVE_UNSAFE"


def test_neither_links_nor_one_name_twice_nor_encryption_are_safe(desk: Desk, parcel: Parcel):
    link = zipfile.ZipInfo("csv/link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert code_of(desk, zipped(*parcel.files.items(), (link, b"/etc/passwd"))) == "ARCHIVE_UNSAFE"

    with pytest.warns(UserWarning, match="Duplicate"):
        twice = zipped(*parcel.files.items(), ("data.json", b"{}"))
    assert code_of(desk, twice) == "ARCHIVE_UNSAFE"

    raw = bytearray(parcel.raw)
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert code_of(desk, bytes(raw)) == "ARCHIVE_UNSAFE"


def test_a_bomb_is_not_unpacked(desk: Desk, parcel: Parcel):
    assert code_of(desk, parcel.packed({"csv/bomb.csv": bytes(64 << 20)})) == "ARCHIVE_TOO_LARGE"
    assert code_of(desk, zipped(*((f"f{n}", b"") for n in range(20_001)))) == "ARCHIVE_TOO_LARGE"


def test_a_file_that_is_larger_than_it_says_is_not_read_on(desk: Desk, parcel: Parcel):
    raw = bytearray(zipped(*parcel.files.items(), ("csv/bomb.csv", bytes(64 << 20))))
    entry = raw.rindex(b"csv/bomb.csv") - 46
    for at in (entry, raw.index(b"csv/bomb.csv") - 30):
        place = at + (24 if at == entry else 22)
        raw[place : place + 4] = struct.pack("<L", 10)
    assert code_of(desk, bytes(raw)) == "ARCHIVE_DIFFERS"


def test_sizes_are_judged_before_anything_is_believed(
    desk: Desk, parcel: Parcel, monkeypatch: pytest.MonkeyPatch
):
    for name in ("LARGEST", "UNPACKED", "LARGEST_DATA"):
        with monkeypatch.context() as smaller:
            smaller.setattr(zip_file, name, 1000)
            assert code_of(desk, parcel.raw) == "ARCHIVE_TOO_LARGE"


def test_a_table_of_contents_that_lies_elsewhere_is_none(desk: Desk, parcel: Parcel):
    raw = parcel.raw
    locator = raw[:-22] + b"PK\x06\x07" + bytes(16) + raw[-22:]
    for changed in (b"x" + raw, raw + b"x", raw[:-2] + b"\x01\x00x", raw + raw[-22:], locator):
        assert code_of(desk, changed) == "ARCHIVE_UNREADABLE"


@pytest.mark.parametrize("version", [0, 2, "1", None, [1]])
def test_another_version_is_refused_though_it_is_signed(desk: Desk, parcel: Parcel, version: object):
    assert code_of(desk, parcel.saying(version=version).raw) == "FORMAT_UNKNOWN"
    assert code_of(desk, parcel.saying(format="other").raw) == "FORMAT_UNKNOWN"
    assert code_of(desk, parcel.saying(manifest={"version": version}).raw) == "FORMAT_UNKNOWN"


@pytest.mark.parametrize(
    "files",
    [None, {}, [1], [{}], [{"name": "data.json"}], [{"name": [], "size": 1, "sha256": ""}],
     [{"name": "data.json", "size": 1, "sha256": ""}] * 2],
)  # fmt: skip
def test_a_manifest_that_names_nothing_rightly_is_refused(desk: Desk, parcel: Parcel, files: object):
    assert code_of(desk, parcel.saying(manifest={"files": files}).raw) == "ARCHIVE_DIFFERS"


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"a": ' * 50_000, b"9" * 5_000]
)
def test_a_document_that_is_none_is_unreadable(desk: Desk, parcel: Parcel, data: bytes):
    files = json.loads(parcel.files["MANIFEST.json"])["files"]
    for each in files:
        if each["name"] == "data.json":
            each |= {"size": len(data), "sha256": digest(data)}
    signed = parcel.saying(manifest={"files": files})
    assert code_of(desk, signed.packed({"data.json": data})) == "ARCHIVE_UNREADABLE"


def test_a_key_is_named_as_a_witness_has_it(tmp_path: Path, parcel: Parcel):
    written, raw = tmp_path / "signing.pub", tmp_path / "raw.pub"
    written.write_text(f"{parcel.key}\n")
    raw.write_bytes(bytes.fromhex(parcel.key))
    named: list[str] = [parcel.key, parcel.key.upper(), f" {parcel.key} ", str(written), str(raw)]
    assert {zip_file.key_named(each) for each in named} == {parcel.key}


@pytest.mark.parametrize("make", [lambda _: "nowhere", str, lambda _: "ab" * 31, lambda _: "\0"])
def test_what_is_no_key_is_refused(tmp_path: Path, make: Callable[[Path], str]):
    with pytest.raises(ImportRefused) as refusal:
        zip_file.key_named(make(tmp_path))
    assert refusal.value.code == "KEY_INVALID"


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path):
    for path in (tmp_path, tmp_path / "nothing.zip"):
        with pytest.raises(ImportRefused, match="is not there"), zip_file.opened(path):
            pass
