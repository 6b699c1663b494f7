"""Where an address is written, or a message queued, it is decided whether somebody wished that this does not happen."""

import ast
from collections.abc import Iterator
from pathlib import Path

import models
from models import ContactPoint, Message, PersonalCode
from tests.house import tree

WRITING = {"save", "bulk_create", "create", "get_or_create", "update_or_create", "bulk_update"}
#: Where it is decided, and what fills an empty database with people who are invented.
LAWFUL = {
    "procedures/suppression/writing.py": "it asks before it writes",
    "procedures/message/outbox.py": "it asks before it queues",
    "demo/filling.py": "nobody has left an empty database",
}
GUARDED = {each.__name__ for each in (ContactPoint, PersonalCode, Message)}
OTHERS = {
    name
    for name, value in vars(models).items()
    if isinstance(value, type) and issubclass(value, models.Record) and name not in GUARDED
}


#: What is written elsewhere by a name that does not tell its record: the file, the name, and the record.
ELSEWHERE = {
    ("procedures/checkpoint/checkpoint.py", "row"): "a checkpoint",
    ("procedures/client_key/client_key.py", "row"): "a client's key",
    ("procedures/consent/transition.py", "consent"): "a consent",
    ("procedures/consent/recording.py", "imagined"): "a consent",
    ("procedures/consent/suspension.py", "instruction"): "an instruction",
    ("procedures/instruction/instruction.py", "instruction"): "an instruction",
    ("procedures/imports/batch.py", "model"): "a record that is not personal",
    ("procedures/imports/consent.py", "notice"): "a notice",
    ("procedures/keys/rotation.py", "keys"): "a key",
    ("procedures/request/request.py", "request"): "a request",
    ("procedures/submission/payment_card.py", "card"): "a card",
    ("procedures/task/break_glass.py", "break_glass"): "break-glass",
    ("procedures/task/task.py", "task"): "a task",
    ("procedures/task/task_review.py", "review"): "a review",
}


def test_addresses_and_messages_are_written_in_one_place_each() -> None:
    """A second place would forget to ask, as intake and changes of one's own data once did."""
    found = {
        (tree.named(path), name)
        for path in tree.product()
        if tree.room_of(path) not in ("models", "vault") and tree.named(path) not in LAWFUL
        for name in _written(path)
    }
    assert found == ELSEWHERE.keys()


def test_no_message_is_made_but_where_it_is_queued() -> None:
    """A message that is not made there is not asked about."""
    made = [
        f"{tree.named(path)}:{node.lineno}"
        for path in tree.product()
        for node in tree.nodes(path)
        if isinstance(node, ast.Call) and tree.dotted(node.func) == "Message"
    ]
    assert [each.partition(":")[0] for each in made] == ["procedures/message/outbox.py"]


def _written(path: Path) -> Iterator[str]:
    """The names by which rows are written that may be addresses or messages."""
    known = set(_others(path)) | OTHERS
    for node in tree.nodes(path):
        if isinstance(node, ast.Attribute) and node.attr in WRITING:
            receiver = tree.dotted(node.value).rpartition(".")[2]
            if receiver in GUARDED or (isinstance(node.value, ast.Name) and receiver not in known):
                yield receiver


def _others(path: Path) -> Iterator[str]:
    """The names in a file of rows of other records, and of modules that have functions of these names."""
    for _, _, name in tree.imported(path):
        if name not in GUARDED:
            yield name
    for node in tree.nodes(path):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and len(node.targets) == 1:
            made = tree.dotted(node.value.func).partition(".")[0]
            if made in OTHERS and isinstance(node.targets[0], ast.Name):
                yield node.targets[0].id
