"""A customer's ring: the keys of everything kept about one customer, one for each category.

A ring is wrapped as one value, so that one opening serves all categories of a customer. A category usually has
one key; while its data are being erased it has two, the one to be destroyed and its successor, which is last. Keys of
what the law holds back stay before that one.
"""

from collections.abc import Collection, Iterable, Mapping

from vault.errors import SealBroken
from vault.seal import SIZE, Key, Sealed
from vault.secret import Secret


class Ring(Secret):
    """Keys by category; immutable, with a repr that does not show them.

    Args:
        keys: by category, the older first.
    """

    __slots__ = ("_keys",)

    def __init__(self, keys: Mapping[str, tuple[Key, ...]]) -> None:
        self._keys = dict(keys)

    @classmethod
    def new(cls, categories: Iterable[str]) -> "Ring":
        """A ring with a new key for each category."""
        return cls({category: (Key.new(),) for category in categories})

    def key(self, category: str) -> Key:
        """The key to seal under.

        Raises:
            SealBroken: there is none.
        """
        try:
            return self._keys[category][-1]
        except (KeyError, IndexError):
            raise SealBroken from None

    def opener(self, category: str, sealed: Sealed) -> Key:
        """The key that a content was sealed under.

        Raises:
            SealBroken: it is not on the ring.
        """
        for key in reversed(self._keys.get(category, ())):
            if key.commitment == sealed.commitment:
                return key
        raise SealBroken

    def lacks(self, categories: Iterable[str]) -> list[str]:
        """The categories without a key."""
        return [category for category in categories if not self._keys.get(category)]

    def renewed(self, categories: Iterable[str]) -> "Ring":
        """The same ring with a further key, to be sealed under from now on, for each of some categories."""
        return Ring({**self._keys, **{name: (*self._keys.get(name, ()), Key.new()) for name in categories}})

    def reduced(
        self, category: str, successors: Collection[bytes], keeping: Collection[bytes] = ()
    ) -> "Ring":
        """The same ring without the keys of a category that are older than the newest with one of these commitments.

        Those whose commitment is to be kept stay. Where there is no successor, a new key takes its place. A ring without
        any key of the category stays the same.
        """
        keys = self._keys.get(category, ())
        if not keys:
            return self
        places = [place for place, key in enumerate(keys) if key.commitment in successors]
        older, rest = (keys[: places[-1]], keys[places[-1] :]) if places else (keys, (Key.new(),))
        return Ring({**self._keys, category: (*_among(older, keeping), *rest)})

    def only(self, keeping: Collection[bytes]) -> "Ring":
        """The same ring with the keys of these commitments alone."""
        return Ring({category: _among(keys, keeping) for category, keys in self._keys.items()})

    def encode(self) -> bytes:
        """The ring as bytes, to be wrapped at once: for each key the category's length, its name, the key."""
        parts: list[bytes] = []
        for category, keys in sorted(self._keys.items()):
            name = category.encode("ascii")
            parts.extend(bytes([len(name)]) + name + key.reveal() for key in keys)
        return b"".join(parts)

    @classmethod
    def decode(cls, raw: bytes) -> "Ring":
        """A ring from its bytes.

        Raises:
            SealBroken: they are none.
        """
        keys: dict[str, tuple[Key, ...]] = {}
        at = 0
        while at < len(raw):
            middle = at + 1 + raw[at]
            name, at = raw[at + 1 : middle].decode("latin-1"), middle + SIZE
            keys[name] = (*keys.get(name, ()), Key(raw[middle:at]))
        return cls(keys)


def _among(keys: Iterable[Key], commitments: Collection[bytes]) -> tuple[Key, ...]:
    return tuple(key for key in keys if key.commitment in commitments)
