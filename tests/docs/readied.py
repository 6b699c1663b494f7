"""`./savas` for pages that show many commands: each runs in a process of its own that has read the program already.

Reading it is most of what a command costs. A process that has done it waits at a socket; whoever starts `./savas` is
answered by a copy of that process, which has the words, the directory, the environment and the streams of whoever asked.
The long run, and every test of the launcher and of the server, starts the program as its users do.

    python -m tests.docs.readied SOCKET            waits, until whoever started it closes its standard input
    python -S readied.py SOCKET WORD…              asks, and ends with the exit code of the command
"""

import array
import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import NoReturn

_STREAMS = (0, 1, 2)


@contextmanager
def waiting(socket_at: Path, root: Path) -> Iterator[None]:
    """Have a process that has read the program wait at a socket."""
    words = [sys.executable, "-P", "-X", "utf8", "-m", "tests.docs.readied", str(socket_at)]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield
        process.communicate()


def launcher(socket_at: Path) -> str:
    """The text of a `./savas` that asks there."""
    return f'#!/bin/sh\nexec "{sys.executable}" -S -E -s "{__file__}" "{socket_at}" "$@"\n'


def ask(at: str, words: list[str]) -> int:
    """Have a command run; its exit code."""
    told = json.dumps(
        {"words": words, "directory": str(Path.cwd()), "environment": dict(os.environ)}
    ).encode()
    with socket.socket(socket.AF_UNIX) as to:
        to.connect(at)
        streams = array.array("i", _STREAMS)
        to.sendmsg([len(told).to_bytes(4, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)])
        to.sendall(told)
        code = to.recv(1)
    return code[0] if code else 70


def wait(at: str) -> None:
    """Answer each who asks with a copy of this process, until standard input is closed."""
    # Read now what commands read when they are run.
    for room in ("commands.__main__", "server", "demo", "web", "schema", "procedures.installation"):
        import_module(room)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(at)
        door.listen()
        os.write(1, b"ready\n")
        begun: list[int] = []
        while door in select.select([door, sys.stdin], [], [])[0]:
            actor, _ = door.accept()
            with actor:
                begun.append(os.fork())
                if begun[-1] == 0:
                    _answer(actor)
            begun = [each for each in begun if os.waitpid(each, os.WNOHANG)[0] == 0]
        for each in begun:
            os.waitpid(each, 0)


def _answer(actor: socket.socket) -> NoReturn:
    """Run a command as whoever asks would, and end."""
    code = 70
    try:
        words = _taken_over(actor)
        code = import_module("commands.__main__").main(words)
        sys.stdout.flush()
        sys.stderr.flush()
        actor.sendall(bytes([code]))
    finally:
        os._exit(code)


def _taken_over(actor: socket.socket) -> list[str]:
    """Become whoever asks: directory, environment and streams; gives the words."""
    size, streams, *_ = socket.recv_fds(actor, 4, len(_STREAMS))
    told = b""
    while len(told) < int.from_bytes(size, "big"):
        told += actor.recv(1 << 16)
    asked = json.loads(told)
    os.chdir(asked["directory"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    for here, there in zip(_STREAMS, streams, strict=True):
        os.dup2(there, here)
        os.close(there)
    words: list[str] = asked["words"]
    sys.argv[1:] = words
    return words


if __name__ == "__main__":
    if __package__:
        wait(sys.argv[1])
    else:
        sys.exit(ask(sys.argv[1], sys.argv[2:]))
