"""Hints on what policies may have forgotten, and on what of them does nothing; none of it is an error."""

from collections.abc import Iterator

from policies.policy import Policy
from policies.showing.findings import findings


def hints(policy: Policy) -> Iterator[str]:
    """A sentence for each thing that may be missing, or that does nothing."""
    yield from map(str, findings(policy))
    needing = {purpose for purpose, _ in policy.needs}
    names = policy.declared.names
    for purpose in policy.purposes:
        if purpose not in needing:
            yield f'the purpose `{purpose}` needs nothing and so opens nothing: needs("{purpose}", "…");'
        for language in sorted({language for _, language in names}):
            if (purpose, language) not in names:
                yield f'the purpose `{purpose}` has no name in `{language}`: called("{purpose}", "{language}", "…");'
    if unnamed := [role.value for role in policy.roles if not policy.names_role(role)]:
        yield f"no rule names the role {', '.join(unnamed)}: whoever has no other may do what all staff may"
