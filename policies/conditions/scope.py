"""Variables in conditions: where each is bound, which others it needs, and renaming them."""

from policies.conditions import ir
from policies.conditions.ir import Compare, Condition, Exists, ForAll, Not, Path, Term
from policies.errors import PolicyError


def scoped(ranges: dict[str, Path], atoms: list[Condition], bound: frozenset[str] | None) -> Condition:
    """Nest each variable's EXISTS around all that needs it, and no more.

    `bound` has the variables around it; None inside a nested condition, where they are not known.
    """
    if not ranges:
        return ir.conjunction(atoms)
    var = _ready(ranges, bound)
    linked = _linked(var, ranges, atoms)
    inner = {name: over for name, over in ranges.items() if name in linked and name != var}
    outer = {name: over for name, over in ranges.items() if name not in linked}
    mine, others = list[Condition](), list[Condition]()
    for atom in atoms:
        (mine if ir.variables(atom) & linked else others).append(atom)
    within = None if bound is None else bound | {var}
    exists = Exists(var, ranges[var], scoped(inner, mine, within))
    rest = scoped(outer, others, bound)
    return ir.conjunction([rest, exists])


def _ready(ranges: dict[str, Path], bound: frozenset[str] | None) -> str:
    for name, over in ranges.items():
        if over.var not in ranges and (bound is None or over.var in bound):
            return name
    raise PolicyError("a variable ranges over something that is not reached from the record asked about")


def _linked(var: str, ranges: dict[str, Path], atoms: list[Condition]) -> set[str]:
    """The variables that share a comparison or a range with `var`, directly or through others."""
    linked = {var}
    groups = [set(ir.variables(atom)) & set(ranges) for atom in atoms]
    groups += [{name, over.var} & set(ranges) for name, over in ranges.items()]
    grew = True
    while grew:
        grew = False
        for group in groups:
            if group & linked and not group <= linked:
                linked |= group
                grew = True
    return linked


def needed(
    ranges: tuple[tuple[str, Path], ...], atoms: tuple[Condition, ...]
) -> tuple[tuple[str, Path], ...]:
    """The ranges of the variables that some comparisons use, and of those that these come from."""
    used = set().union(*(ir.variables(atom) for atom in atoms)) if atoms else set()
    lookup = dict(ranges)
    todo = list(used & set(lookup))
    while todo:
        name = lookup[todo.pop()].var
        if name in lookup and name not in used:
            used.add(name)
            todo.append(name)
    return tuple(pair for pair in ranges if pair[0] in used)


def rename(path: Path, names: dict[str, str]) -> Path:
    """The path with its variable under another name; the record asked about keeps its own."""
    if path.var != ir.THIS and path.var not in names:
        raise PolicyError(
            "a variable is compared that is bound to no relation; give helper rules one path each"
        )
    return Path(names.get(path.var, path.var), path.steps, path.because)


def _term(term: Term, names: dict[str, str]) -> Term:
    return rename(term, names) if isinstance(term, Path) else term


def renamed(condition: Condition, names: dict[str, str]) -> Condition:
    """The condition with all its variables under other names."""
    match condition:
        case Compare(op, left, right, because):
            return Compare(op, _term(left, names), _term(right, names), because)
        case ir.And(parts):
            return ir.And(tuple(renamed(part, names) for part in parts))
        case ir.Or(parts):
            return ir.Or(tuple(renamed(part, names) for part in parts))
        case Not(part):
            return Not(renamed(part, names))
        case Exists(var, over, where):
            return Exists(names[var], rename(over, names), renamed(where, names))
        case ForAll(var, over, where):
            return ForAll(names[var], rename(over, names), renamed(where, names))
