"""What no text and no file may ever hold: its repr is blank, and it cannot be pickled."""

from typing import NoReturn


class Secret:
    """The base of whatever holds keys."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} is not written anywhere")
