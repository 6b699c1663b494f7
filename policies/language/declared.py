"""The purposes and roles that policies declare as facts, read from their text; what else they say of them.

purpose("support", "Helping a customer.", "dpv:CustomerCare");   the term may be left out
called("support", "lt", "pagalba");                              its name in another language
special("health", "care");                                       the one purpose of a special category
role("agent", "Carries tasks.");
an_import_gives("agent");
time_zone("Europe/Vilnius");      by which rules tell days and times; UTC without it
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from models import Category, Purpose, Role, Word
from models.vocabulary import LONGEST
from policies.language import text
from policies.language.text import HERE
from policies.language.tree import Rule
from policies.moments import zone

W = TypeVar("W", bound=Word)

#: By fact, how many texts it has.
FACTS: Final = {
    "purpose": (2, 3),
    "called": (3,),
    "special": (2,),
    "role": (2,),
    "an_import_gives": (1,),
    "time_zone": (1,),
}
#: What stands for a purpose that has no term of its own.
ANY_PURPOSE: Final = "dpv:Purpose"

_WORD: Final = re.compile(r"[a-z][a-z_]*")
_TERM: Final = re.compile(r"dpv:[A-Z][A-Za-z]*")


@dataclass(frozen=True)
class Declared:
    """What one version of the policies declares.

    Attributes:
        purposes: each with its sentence, in the order of the text.
        roles: each with its sentence, in the order of the text.
        terms: of purposes in the Data Privacy Vocabulary.
        names: of purposes in other languages, by purpose and language.
        special: the special categories, each with the one purpose that somebody can consent to it for.
        imported: the roles that an import may give; the first where a file names none.
        zone: the time zone by which days and times are told.
    """

    purposes: Mapping[Purpose, str]
    roles: Mapping[Role, str]
    terms: Mapping[Purpose, str]
    names: Mapping[tuple[str, str], str]
    special: Mapping[Category, Purpose]
    imported: tuple[Role, ...]
    zone: str = "UTC"

    def term(self, purpose: Purpose) -> str:
        """A purpose in the Data Privacy Vocabulary."""
        return self.terms.get(purpose, ANY_PURPOSE)

    def name(self, purpose: str, language: str) -> str:
        """What a purpose is called in a language; in English where it has no name there."""
        return self.names.get((purpose, language.partition("-")[0]), purpose.replace("_", " "))


def read(rules: Iterable[Rule]) -> Declared:
    """The purposes and roles that rules declare; `Purpose` and `Role` have them from now on.

    Raises:
        PolicyError: a fact cannot be used.
    """
    facts = [(rule, _texts(rule)) for rule in rules if rule.name in FACTS]
    purposes, roles = _sentences(Purpose, facts), _sentences(Role, facts)

    def about(name: str) -> list[tuple[Rule, list[str]]]:
        return [(rule, texts) for rule, texts in facts if rule.name == name]

    return Declared(
        purposes,
        roles,
        {Purpose(texts[0]): _term(rule, texts[2]) for rule, texts in about("purpose") if len(texts) > 2},
        {(_declared(purposes, rule, texts[0]), texts[1]): texts[2] for rule, texts in about("called")},
        _special(purposes, about("special")),
        tuple(_declared(roles, rule, texts[0]) for rule, texts in about("an_import_gives")),
        _zone(about("time_zone")),
    )


def of(directory: Path) -> Declared:
    """What the policy files of a directory declare, without loading them.

    Raises:
        PolicyError: they cannot be read, or a fact cannot be used.
    """
    # Most files declare nothing, and need not be parsed.
    facts = re.compile(rf"^\s*({'|'.join(FACTS)})\(", re.MULTILINE)
    sources = {file: source for file, source in text.read(directory).items() if facts.search(source)}
    return read(text.rules(sources))


def _texts(rule: Rule) -> list[str]:
    texts = rule.texts()
    if texts is None or len(texts) not in FACTS[rule.name]:
        counts = " or ".join(map(str, FACTS[rule.name]))
        raise rule.refuse(f'`{rule.name}` is a fact of {counts} texts, such as `{rule.name}("…");`')
    return list(texts)


def _sentences(vocabulary: type[W], facts: list[tuple[Rule, list[str]]]) -> dict[W, str]:
    kind = vocabulary.__name__.lower()
    sentences: dict[W, str] = {}
    for rule, (value, *rest) in facts:
        if rule.name != kind:
            continue
        if not _WORD.fullmatch(value) or len(value) > LONGEST:
            raise rule.refuse(f"the name of a {kind} is of at most {LONGEST} small letters and `_`")
        if not rest[0].strip():
            raise rule.refuse(f"the {kind} `{value}` needs a sentence that says what it is")
        if value in sentences:
            raise rule.refuse(f"the {kind} `{value}` is declared twice")
        sentences[vocabulary.declare(value, rest[0])] = rest[0]
    return sentences


def _declared(declared: Mapping[W, str], rule: Rule, value: str) -> W:
    for word in declared:
        if word == value:
            return word
    raise rule.refuse(f"`{rule.name}` names `{value}`, which is not declared; known: {', '.join(declared)}")


def _special(purposes: Mapping[Purpose, str], facts: list[tuple[Rule, list[str]]]) -> dict[Category, Purpose]:
    special: dict[Category, Purpose] = {}
    for rule, (category, purpose) in facts:
        if category in special:
            raise rule.refuse(f"the special category `{category}` has one purpose, and this is a second")
        special[_category(rule, category)] = _declared(purposes, rule, purpose)
    return special


def _zone(facts: list[tuple[Rule, list[str]]]) -> str:
    for number, (rule, (name,)) in enumerate(facts):
        if number:
            raise rule.refuse("there is one `time_zone`, and this is a second")
        try:
            zone(name)
        except ValueError:
            raise rule.refuse(
                f"no time zone `{name}` is known here; one is called as in Europe/Vilnius"
            ) from None
    return facts[0][1][0] if facts else "UTC"


def _category(rule: Rule, value: str) -> Category:
    try:
        return Category(value)
    except ValueError:
        raise rule.refuse(f"there is no category `{value}`; known: {', '.join(Category)}") from None


def _term(rule: Rule, value: str) -> str:
    if not _TERM.fullmatch(value):
        raise rule.refuse(
            "the term of a purpose is one of the Data Privacy Vocabulary, such as `dpv:CustomerCare`"
        )
    return value


#: What the policies that come with Savas declare.
SHIPPED: Final = of(HERE)
