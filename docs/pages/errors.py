"""The page on errors: every stable code, where it is met, and one sentence on what it means."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from commands.exits import Exit
from commands.failures import EXITS
from commands.importing_archive import REASONS
from docs.pages import codes
from docs.pages.codes import Naming
from docs.pages.markdown import head, sentence, table
from procedures.audit import authority, finding
from web.errors import status_of

#: What a code without a sentence stands out by; a test looks for it.
MISSING = "(no sentence)"

_INTRO = """
Codes are stable: programs may rely on them. Texts beside them may change; none holds a personal value. Whatever is `null`
because it is withheld is no error: [why](#why-a-field-is-withheld).
"""


@dataclass(frozen=True)
class Section:
    """A part of the page.

    Attributes:
        title, text: what stands above the table.
        kinds: classes of errors whose codes belong here, those derived from them included.
        rooms: packages of which every code belongs here.
        rows: modules of which every code in a docstring's table belongs here.
        last: the third column: `status` (of HTTP), `exit` (of a command), `place` (the package that declares it).
    """

    title: str
    text: str
    kinds: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    last: str = "place"


@dataclass(frozen=True)
class Code:
    """A code of one section, with every place that names it."""

    name: str
    places: tuple[Naming, ...]

    @property
    def meaning(self) -> str:
        """What its error says, if it says one thing always; else what a docstring says; else any text of it."""
        texts = list(dict.fromkeys(one.text for one in self.places if one.text))
        docs = [one.doc for one in self.places if one.doc]
        fixed = [text for text in texts if "…" not in text] if len(texts) == 1 else []
        return sentence([*fixed, *docs, *texts, MISSING][0])

    @property
    def rooms(self) -> list[str]:
        """The packages that make errors with it; where it is not seen who does, those that declare it."""
        rooms = {one.module.room for one in self.places if one.makes_error}
        return sorted(rooms or {one.module.room for one in self.places})


#: In the order of the page: what front ends meet first.
SECTIONS = (
    Section(
        "Why a request was refused",
        "The whole answer is an error: `errors[0].extensions.code`, with this HTTP status. A fault of the server's adds "
        "`extensions.requestId`, which the log has, too. While parts of a query fail, the rest is answered with status 294 "
        "(200 as `application/json`), and the errors have a `path`.",
        ("HTTPProblem", "Refused", "Unauthenticated", "RateLimited", "LedgerUnavailable", "SealedError", "Unminted",
         "AnswerTooLarge"),
        rows=("web/errors.py",),
        last="status",
    ),
    Section(
        "Why a mutation did nothing",
        "`userErrors { code field path message retryAfter }` of its payload, each thing that is wrong at once; `path` leads "
        "through lists by the place in them. A query that is refused in the same way has the code in "
        "`extensions.code`, a command prints it and ends with 3, or with 2 where a value cannot be used. `RATE_LIMITED` of the "
        "table above may stand here, too.",
        ("ProcedureError", "StepUpRequired"),
    ),
    Section(
        "Why rows were refused by an import",
        "Printed with line numbers, and written with the row to `FILE.errors.csv`; the other rows are imported, and the "
        "command ends with 1. [What to do](import.md#rows-that-are-refused). A value may also be refused with a code of "
        "[a mutation](#why-a-mutation-did-nothing), such as `EMAIL_INVALID`.",
        ("RowFault",),
    ),
    Section(
        "Why an import was refused",
        "Nothing was written, unless the sentence says so; the command ends with 3.",
        ("ImportRefused",),
    ),
    Section(
        "Why a message, a mail or a checkpoint was not handed over",
        "In the log, in `savas message list` and `savas ledger checkpoint`; a setting that cannot be used ends a command with "
        "2 or 3.",
        ("MailError", "HttpsError", "Undelivered", "WitnessInvalid"),
        ("procedures/sending",),
    ),
    Section(
        "Why the vault is sealed or a key cannot be used",
        "`reason` of `GET /health` and of `savas vault status`; commands that need the vault end with 3. "
        "[What to do after a restored backup](restore.md).",
        ("VaultError",),
        rows=("vault/vault.py",),
    ),
    Section(
        "What commands print besides",
        "`savas: CODE  text` on standard error; the number is the [exit code](commands.md#exit-codes).",
        (
            "DatabaseError", "MigrationError", "ProofError", "PolicyError", "ControllerError", "WitnessError", "LedgerTampered",
            "LedgerShrunk", "RotationUnfinished", "NotEmpty", codes.PRINTED,
        ),
        last="exit",
    ),
    Section(
        "Lines in the log",
        "The first word after the logger's name; what follows are ids, classes and codes.",
        (codes.LOG,),
    ),
)  # fmt: skip
_WITHHELD = """
## Why a field is withheld

`withheld { field reason }` of a record, and `extensions.withheld` of an answer, with a count.

"""
_FINDINGS = """
## What a verification finds

`savas ledger verify` prints a line for each: the code, and in words what is wrong with which entry, checkpoint or row.

"""
_CONSENT = """
`savas consent verify`, a line for each row of personal data that stands under no live consent:

"""
_LEFT = """
## What stays behind when an archive is imported

"""
_DATABASE = """
## What the database itself refuses

Rules that hold for whoever writes into the database, past the program, too.

"""


def page() -> str:
    """The text of docs/errors.md."""
    parts = [_section(section, codes_) for section, codes_ in sections().items()]
    parts.insert(2, _WITHHELD + _listed("policies/compiler/reasons.py"))
    parts += [
        _FINDINGS,
        _pairs(_troubles()),
        _CONSENT,
        _listed("procedures/audit/personal_rows.py"),
    ]
    parts += [_LEFT, _pairs(REASONS.items()), _DATABASE, _listed("models/constraints/rules.py")]
    return head("Error codes", "python -m docs.pages") + _INTRO + "".join(parts)


@cache
def sections() -> dict[Section, list[Code]]:
    """The codes of each section, in the order of the alphabet."""
    namings: dict[Section, dict[str, list[Naming]]] = {section: {} for section in SECTIONS}
    for one in codes.named_codes():
        namings[_section_of(one)].setdefault(one.code, []).append(one)
    for section in SECTIONS:
        for module in (codes.modules()[path] for path in section.rows):
            for code, text in module.sentences.items():
                namings[section].setdefault(code, []).append(Naming(code, "", module, doc=text))
    return {
        section: [Code(code, tuple(ones)) for code, ones in sorted(named.items())]
        for section, named in namings.items()
    }


def _section_of(found: Naming) -> Section:
    """By the room, or else by the nearest class that some section names."""
    by_room = {room: section for section in SECTIONS for room in section.rooms}
    by_kind = {kind: section for section in SECTIONS for kind in section.kinds}
    nearest = next((kind for kind in codes.ancestors(found.kind) if kind in by_kind), None)
    if nearest is None:
        raise LookupError(f"{found.code} of {found.kind} ({found.module.path}) has no section in SECTIONS")
    return by_room.get(found.module.room) or by_kind[nearest]


def _section(section: Section, found: Iterable[Code]) -> str:
    titles = {"status": "HTTP status", "exit": "Exit code", "place": "Where"}
    rows = ((f"`{one.name}`", one.meaning, _last(section.last, one)) for one in found)
    return f"\n## {section.title}\n\n{section.text}\n\n" + table(
        ("Code", "Meaning", titles[section.last]), rows
    )


def _last(column: str, code: Code) -> str:
    if column == "status":
        return str(next((one.status for one in code.places if one.status), status_of(code.name)))
    return ", ".join(f"`{room}`" for room in code.rooms) if column == "place" else _exit(code)


def _exit(code: Code) -> str:
    """The exit code of a command that ends with this error; a dash for what only warns."""
    by_class = {name.rpartition(".")[2]: exit_ for name, exit_ in EXITS.items()}
    above = [name for one in code.places for name in codes.ancestors(one.kind) if name in by_class]
    printed = {"INTERNAL": Exit.FAILED, "DATABASE_UNREACHABLE": Exit.UNREACHABLE, "NO_WAY_OUT": Exit.REFUSED}
    exit_code = by_class[above[0]] if above else printed.get(code.name)
    return "\N{EN DASH}" if exit_code is None else str(exit_code.value)


def _pairs(rows: Iterable[tuple[str, str]]) -> str:
    return table(("Code", "Meaning"), ((f"`{code}`", sentence(text)) for code, text in rows))


def _listed(path: str) -> str:
    """The codes in the docstrings of a module."""
    return _pairs(codes.modules()[path].sentences.items())


def _troubles() -> Iterator[tuple[str, str]]:
    """The lines of `savas ledger verify`, as it would print them of entry or checkpoint 7 and of some task."""
    for trouble in finding.Trouble:
        yield trouble.name, str(finding.Finding(7, 7, trouble)).partition("  ")[2]
    for deciding in authority.Trouble:
        yield deciding.name, f"a row such as a task {deciding.value}"
