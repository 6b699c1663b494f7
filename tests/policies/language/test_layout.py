"""The one layout of policy files: it says the same, and laying out what is laid out changes nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.errors import PolicyError
from policies.language import grammar, text
from policies.language.layout import _COMMENT, WIDTH, formatted, same
from policies.policy import HERE
from tests.campaigns import Campaign
from tests.policies.compiler.test_grammar import BODY, HELPER

NAMES = st.sampled_from(["a", "is_own", "record", "_x", "purpose"])
TEXTS = st.text(st.sampled_from('ab #;"\\\n\t?='), max_size=8).map(
    lambda raw: (
        '"' + raw.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
    )
)
ATOMS = st.one_of(NAMES, TEXTS, st.sampled_from(["true", "nil", "1", "-2", "1.5", "1e30"]))


def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Everything that conditions may be made of."""
    pair = st.tuples(inner, inner)
    lists = st.lists(inner, max_size=4).map(", ".join)
    signs = st.sampled_from(["=", ":=", "==", "!=", "<", ">="])
    return st.one_of(
        pair.map(lambda two: f"({two[0]} and {two[1]})"),
        pair.map(lambda two: f"({two[0]} or {two[1]})"),
        inner.map(lambda one: f"(not ({one}))"),
        st.tuples(inner, signs, inner).map(lambda each: f"(({each[0]}) {each[1]} ({each[2]}))"),
        pair.map(lambda two: f"(({two[0]}) in ({two[1]}))"),
        pair.map(lambda two: f"forall({two[0]}, {two[1]})"),
        inner.map(lambda one: f"(({one}) matches Task{{purpose: {one}, x: 1}})"),
        inner.map(lambda one: f"({one}).name"),
        inner.map(lambda one: f'({one}).ago("30 days")'),
        lists.map(lambda items: f"[{items}]"),
        st.tuples(NAMES, lists).map(lambda each: f"{each[0]}({each[1]})"),
    )


CONDITIONS = st.recursive(ATOMS, deeper, max_leaves=12)
COMMENTS = st.sampled_from(["", "# Why.\n", "\n\n\n", "  # one\n\n#two  \n", "\t\n"])
HEADS = st.sampled_from(["f(x)", 'allow(_: Staff, "read", x: Task{a: 1})', "f()", "f([a, b], {x: 1})"])


@st.composite
def files(draw: st.DrawFn) -> str:
    """Rules and tests with comments and blank lines between them, laid out anyhow."""
    parts = [draw(COMMENTS)]
    for _ in range(draw(st.integers(0, 4))):
        condition = draw(CONDITIONS)
        gap = draw(st.sampled_from([" ", "\n", "\n  "]))
        rule = draw(
            st.sampled_from([f"{draw(HEADS)} if{gap}{condition};", f"?={gap}{condition};", f"{draw(HEADS)};"])
        )
        parts += [rule, draw(st.sampled_from(["", " # behind\n", "\n", "\n\n"])), draw(COMMENTS)]
    return "".join(parts)


def comments(source: str) -> list[str]:
    """The comments of a text, in order."""
    return [found[1].strip() for found in _COMMENT.finditer(source) if found[1]]


def laid_out(source: str) -> str:
    """The text in the one layout, which says the same, and is itself laid out so."""
    once = formatted("x.polar", source)
    assert same(grammar.parse("x.polar", source), grammar.parse("x.polar", once))
    assert formatted("x.polar", once) == once
    assert comments(once) == comments(source)
    assert "\n\n\n" not in once
    return once


def test_whatever_is_laid_out_says_the_same_and_changes_once(campaign: Campaign) -> None:
    tried = 0

    @settings(
        max_examples=campaign.of(short=200, long=5_000),
        derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(files())
    def draw(source: str) -> None:
        nonlocal tried
        tried += 1
        laid_out(source)

    draw()
    campaign.tried(tried, "files that say the same once they are laid out")


def test_random_rules_say_the_same_once_they_are_laid_out(campaign: Campaign) -> None:
    @settings(
        max_examples=campaign.of(short=100, long=1_000),
        derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(BODY)
    def draw(body: str) -> None:
        laid_out(f'allow_field(actor: Staff, "read", c: Customer, "number") if {body};\n{HELPER}')

    draw()


def test_the_files_that_come_with_savas_have_the_layout() -> None:
    assert {file for file, source in text.read(HERE).items() if formatted(file, source) != source} == set()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a( x ):-1", None),
        ("f(x)if  x.a=1;", "f(x) if x.a = 1;\n"),
        ("f(x) if\nx.a = 1;", "f(x) if\n    x.a = 1;\n"),
        ("f(x) if\nx.a = 1 and (b(x)\n or c(x));", "f(x) if\n    x.a = 1 and\n    (b(x) or c(x));\n"),
        ("f(x) if\nb(x) or c(x) and d(x);", "f(x) if\n    b(x) or\n    c(x) and d(x);\n"),
        ("a(1); b(2);", "a(1);\nb(2);\n"),
        ("a(1); # behind\n\n\n\n#  Why.  \nb(2);", "a(1);  # behind\n\n#  Why.\nb(2);\n"),
        ("\n\n# Top.\n\na(1);\n\n\n# End.", "# Top.\n\na(1);\n\n# End.\n"),
        ('?=  not may ( "a",\n "b", "c" ) ;', '?= not may("a", "b", "c");\n'),
        ("f(x) if x = 1 # Why.\n  and   x.a;  ", "f(x) if x = 1 # Why.\n  and   x.a;\n"),
        ("f(x) if x.go(1);", "f(x) if x.go(1);\n"),
        ("", ""),
        ("# Nothing.", "# Nothing.\n"),
    ],
)  # fmt: skip
def test_the_layout(source: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(PolicyError):
            formatted("x.polar", source)
    else:
        assert laid_out(source) == expected


def test_a_long_line_is_broken_as_far_outside_of_brackets_as_can_be() -> None:
    names = ", ".join(f'"field{number}"' for number in range(14))

    whole = laid_out(f"f(x) if\n    x in [{names}];")
    test = laid_out(f'?= may(["somebody", "{"who is " * 8}"], "read", ["{"a" * 30}", "{"b" * 30}"]);')

    assert max(map(len, whole.splitlines())) <= WIDTH
    assert whole.splitlines()[2].startswith(" " * len("    x in [") + '"field')
    assert test.splitlines()[1].startswith(" " * len("?= may(") + '["aaa')
