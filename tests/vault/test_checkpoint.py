"""A checkpoint says what was signed, or nothing at all."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from tests.campaigns import Campaign
from vault import checkpoint as checkpoints
from vault.checkpoint import Checkpoint, CheckpointError

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
CHECKPOINT = Checkpoint("savas.example/ledger", 1042, bytes(range(100, 132)), AT)
NOTE = checkpoints.note(CHECKPOINT, KEY.sign, PUBLIC)

# The example of the signed note's own documentation.
PUBLISHED_KEY = b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
PUBLISHED_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
PUBLISHED_SIGNATURE = b64decode(
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)


def test_a_note_has_the_form_that_witnesses_know():
    lines = NOTE.split("\n")

    assert lines[:5] == [
        "savas.example/ledger",
        "1042",
        "ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=",
        "time 2026-06-01T12:00:00Z",
        "",
    ]
    assert lines[5].startswith("— savas.example/ledger ")
    assert lines[6:] == [""]
    signed = b64decode(lines[5].rpartition(" ")[2])
    assert signed[:4] == checkpoints.key_hash("savas.example/ledger", PUBLIC)
    Ed25519PublicKey.from_public_bytes(PUBLIC).verify(signed[4:], "\n".join(lines[:4]).encode() + b"\n")


def test_a_key_is_named_as_in_the_published_example():
    assert checkpoints.key_hash("PeterNeumann", PUBLISHED_KEY) == PUBLISHED_SIGNATURE[:4]
    Ed25519PublicKey.from_public_bytes(PUBLISHED_KEY).verify(PUBLISHED_SIGNATURE[4:], PUBLISHED_TEXT.encode())


@given(
    st.integers(0, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
    st.datetimes(datetime(1000, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 zoned by the strategy
)
def test_what_was_signed_is_read_again(size: int, root: bytes, at: datetime):
    checkpoint = Checkpoint("savas.example/ledger", size, root, at)

    assert checkpoints.verified(checkpoints.note(checkpoint, KEY.sign, PUBLIC), PUBLIC) == checkpoint


def test_the_time_is_written_in_utc():
    vilnius = AT.astimezone(timezone(timedelta(hours=3)))

    assert Checkpoint("a", 1, bytes(32), vilnius).body().endswith("time 2026-06-01T12:00:00Z\n")


def test_signatures_of_witnesses_may_stand_beside():
    cosigned = NOTE + "— witness.example " + b64encode(b"\1\2\3\4" + bytes(72)).decode() + "\n"

    assert checkpoints.verified(cosigned, PUBLIC) == CHECKPOINT
    assert [one.name for one in checkpoints.parse(cosigned)[1]] == [
        "savas.example/ledger",
        "witness.example",
    ]


def code(text: str, public: bytes = PUBLIC) -> str:
    """The code of what is wrong with a note."""
    with pytest.raises(CheckpointError) as caught:
        checkpoints.verified(text, public)
    return caught.value.code


def test_another_s_signature_is_none():
    other = OTHER.public_key().public_bytes_raw()

    assert code(checkpoints.note(CHECKPOINT, OTHER.sign, other)) == "CHECKPOINT_UNSIGNED"
    assert code(NOTE, other) == "CHECKPOINT_UNSIGNED"


def test_another_s_signature_in_our_name_is_a_forgery():
    assert code(checkpoints.note(CHECKPOINT, OTHER.sign, PUBLIC)) == "CHECKPOINT_FORGED"


def test_one_true_signature_does_not_cover_a_false_one():
    forged = checkpoints.note(CHECKPOINT, OTHER.sign, PUBLIC).split("\n")[5]

    assert code(f"{NOTE}{forged}\n") == "CHECKPOINT_FORGED"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1042", "1043"),
        ("ZGVm", "ZGVn"),
        ("12:00:00Z", "12:00:01Z"),
        ("12:00:00Z", "12:00:00.500000Z"),
    ],
)
def test_a_changed_value_is_a_forgery(old: str, new: str):
    assert code(NOTE.replace(old, new, 1)) == "CHECKPOINT_FORGED"


def test_another_origin_is_not_signed():
    assert code(NOTE.replace("savas.example", "other.example", 1)) == "CHECKPOINT_UNSIGNED"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "x",
        NOTE[:-1],
        NOTE + "\n",
        "\n" + NOTE,
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("\n\n", "\n\n\n"),
        NOTE.replace("1042", "01042"),
        NOTE.replace("1042", "+1042"),
        NOTE.replace("1042", "-1"),
        NOTE.replace("1042", "1_042"),
        NOTE.replace("1042", "١٠٤٢"),
        NOTE.replace("1042", "9" * 19),
        NOTE.replace("1042", "9" * 5000),
        NOTE.replace("\n1042", ""),
        NOTE.replace("time ", ""),
        NOTE.replace("time 2026-06", "time 2026-13"),
        NOTE.replace("00Z", "00+00:00"),
        NOTE.replace("00Z", "00.000000Z"),
        NOTE.replace("00Z", "00Z\nfurther"),
        NOTE.replace("oM=", "oM"),
        NOTE.replace("oM=", "oN="),
        NOTE.replace("ZGVm", "ZGV"),
        NOTE.replace("ZGVm", "ZG-m"),
        NOTE.replace("— ", "- "),
        NOTE.replace("— ", "—"),
        NOTE.replace("— savas", "—  savas"),
        NOTE.replace("savas.example", "savas example"),
        NOTE.replace("savas.example", "savas+example"),
        NOTE.replace("savas.example", "savas\x00example"),
        NOTE.replace("savas.example", "savas\ud800example"),
        NOTE + "— witness.example \n",
        NOTE + "— witness.example AAAA\n",
        NOTE + "x" * 20_000 + "\n",
    ],
)
def test_what_is_not_a_note_is_told_without_its_text(text: str):
    assert code(text) == "CHECKPOINT_MALFORMED"


def test_errors_repeat_nothing_of_the_text():
    with pytest.raises(CheckpointError) as caught:
        checkpoints.verified(NOTE.replace("1042", "Ona"), PUBLIC)

    assert "Ona" not in str(caught.value)


@pytest.mark.parametrize(
    ("origin", "size", "root", "at"),
    [
        ("", 1, bytes(32), AT),
        ("two words", 1, bytes(32), AT),
        ("two\nlines", 1, bytes(32), AT),
        ("a", -1, bytes(32), AT),
        ("a", 2**63, bytes(32), AT),
        ("a", 1, bytes(31), AT),
        ("a", 1, bytes(32), AT.replace(tzinfo=None)),
    ],
)
def test_a_checkpoint_that_no_note_can_say_is_not_made(origin: str, size: int, root: bytes, at: datetime):
    with pytest.raises(CheckpointError, match="not a checkpoint"):
        Checkpoint(origin, size, root, at)


def test_no_changed_character_goes_unnoticed(campaign: Campaign):
    """What is read of a changed note is an error; never another checkpoint, never the old one."""
    campaign.tried(len(NOTE), "checkpoints with a character changed")
    for at in range(len(NOTE)):
        for new in {*"A0/= \n—é", chr(ord(NOTE[at]) ^ 1), ""} - {NOTE[at]}:
            assert code(NOTE[:at] + new + NOTE[at + 1 :]).startswith("CHECKPOINT_")


@pytest.mark.parametrize("public", [b"", bytes(31), b"\xff" * 32])
def test_a_key_that_is_none_verifies_nothing(public: bytes):
    assert code(NOTE, public) == "CHECKPOINT_UNSIGNED"
    assert code(checkpoints.note(CHECKPOINT, KEY.sign, public), public) == "CHECKPOINT_FORGED"
