"""The words that policies declare: purposes and roles.

Which words there are is known once policies have been read, and reading others may add some. A word stays for as long as
the process runs, and there is one object of it: `Purpose("support") is Purpose.SUPPORT`. Which of them count is for the
policies in force to say, which know their own.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final, Self, TypeVar, cast

from tortoise import Model, fields

T = TypeVar("T")
W = TypeVar("W", bound="Word")

#: The longest word that a column holds.
LONGEST: Final = 20

_DECLARED: Final[dict[type, dict[str, Any]]] = defaultdict(dict)
_NEEDED: Final[dict[type, dict[str, str]]] = defaultdict(dict)


class Vocabulary(type):
    """Lets a class of words be used as an enum is: `Purpose.SUPPORT`, `for each in Purpose`, `"support" in Purpose`."""

    def __getattr__(cls: type[T], name: str) -> T:
        word: T | None = _DECLARED[cls].get(name.lower()) if name.isupper() else None
        if word is None:
            raise AttributeError(f"{cls.__name__} has no {name}")
        return word

    def __iter__(cls: type[T]) -> Iterator[T]:
        # A copy, because another thread may be reading policies.
        return iter(list(_DECLARED[cls].values()))

    def __contains__(cls, value: object) -> bool:
        return isinstance(value, str) and value in _DECLARED[cls]

    def __len__(cls) -> int:
        return len(_DECLARED[cls])

    def __bool__(cls) -> bool:
        return True


class Word(str, metaclass=Vocabulary):
    """A declared word; a text that was not declared is a ValueError."""

    __slots__ = ("description",)
    description: str

    def __new__(cls, value: str) -> Self:
        """The word of a text; ValueError for one that was not declared."""
        word: Self | None = _DECLARED[cls].get(value)
        if word is None:
            raise ValueError(f"no such {cls.__name__.lower()} is declared; known: {', '.join(cls)}")
        return word

    @classmethod
    def declare(cls, value: str, description: str) -> Self:
        """The word of a text, declared from now on."""
        word: Self = _DECLARED[cls].setdefault(value, str.__new__(cls, value))
        word.description = description
        return word

    @classmethod
    def needed(cls, value: str, why: str) -> Self:
        """A declared word that the program itself names; a server refuses policies without it and says why."""
        _NEEDED[cls][value] = why
        return cls(value)

    @classmethod
    def all_needed(cls) -> dict[str, str]:
        """The words that the program names, each with the reason."""
        return dict(_NEEDED[cls])

    @property
    def name(self) -> str:
        """The word as GraphQL and Python have it: `SUPPORT`."""
        return self.upper()

    @property
    def value(self) -> str:
        """The word as policies and the database have it: `support`."""
        return str(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (self.value,)


class Purpose(Word):
    """Why personal data may be used; what the header `Purpose` draws from."""

    __slots__ = ()


class Role(Word):
    """What an employee is here to do."""

    __slots__ = ()


class WordField(fields.CharField[Any]):
    """A column of declared words. It does not list them, so that one more takes no migration."""

    def __init__(self, vocabulary: type[Word], max_length: int = LONGEST, **options: Any) -> None:
        super().__init__(max_length, **options)
        self.vocabulary = vocabulary

    def to_python_value(self, value: Any) -> Word | None:
        """The word; ValueError for one that was not declared."""
        return None if value is None else self.vocabulary(value)

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> str | None:
        """The word's text; ValueError for one that was not declared."""
        self.validate(value)
        return None if value is None else self.vocabulary(value).value


def word_of(vocabulary: type[W], **options: Any) -> fields.Field[W]:
    """A column that holds one word of a vocabulary."""
    return cast(fields.Field[W], WordField(vocabulary, **options))
