"""What is done around every operation: limits before it, and a record of what it read and missed, and a count, after it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

from strawberry.extensions import MaxTokensLimiter, ParserCache, SchemaExtension, ValidationCache
from strawberry.types.graphql import OperationType

from policies.narrowed import narrowed
from procedures import lookup
from procedures.current import installation
from procedures.ledger import reading
from schema import limits
from schema.reading import Context, Samples, offer


class Limits(ValidationCache):
    """Refuses a document that asks for too much, and validates any other once."""

    def on_validate(self) -> Iterator[None]:
        """Measure before validating: some of GraphQL's own rules are slower than what they would refuse."""
        context = self.execution_context
        document = context.graphql_document
        assert document is not None  # noqa: S101 validation comes after parsing
        named = context._provided_operation_name  # noqa: SLF001 no public name
        excess = limits.refusals(context.schema._schema, document, context.variables, named)  # noqa: SLF001 no public name
        excess += limits.ambiguous(document, named)
        if excess:
            context.pre_execution_errors = list(excess)
        if excess or len(context.query or "") > limits.CACHED_LENGTH:
            yield
        else:
            yield from super().on_validate()


class ShortParserCache(ParserCache):
    """Keeps short documents parsed; a long one is parsed each time, so that the cache stays small."""

    def on_parse(self) -> Iterator[None]:
        """Parse, or remember."""
        if len(self.execution_context.query or "") > limits.CACHED_LENGTH:
            yield
        else:
            yield from super().on_parse()


class WithheldReport(SchemaExtension):
    """Says in the answer's extensions how much was withheld, by field and reason."""

    def get_results(self) -> dict[str, Any]:
        """The counts; nothing where nothing was withheld, or nothing answered that it could be withheld from.

        When one field makes the whole answer null, how far its neighbours had come is chance.
        """
        result = self.execution_context.result
        withheld = getattr(self.execution_context.context, "withheld", None)
        if not withheld or getattr(result, "data", None) is None:
            return {}
        counts = sorted(withheld.items())
        return {"withheld": [{"field": name, "reason": why, "count": count} for (name, why), count in counts]}


class Recording(SchemaExtension):
    """Records what was read, and what was not found, before the answer leaves; an answer that cannot be recorded is not given."""

    async def on_execute(self) -> AsyncIterator[None]:
        """Read as the policies say, but for what is closed at this moment; an operation that cannot know it fails."""
        context = self.execution_context.context
        if isinstance(context, Context):
            context.standing = await lookup.standing(context.actor)
            context.policy = narrowed(context.policy, context.standing.closed)
            context.narrowed = True
            context.only_reads = self.execution_context.operation_type is OperationType.QUERY
            context.sample = installation().instance(Samples).draw(context.actor, context.policy)
        yield

    async def on_operation(self) -> AsyncIterator[None]:
        """Record after the execution; what is raised there takes the place of the whole answer."""
        context = self.execution_context.context
        if not isinstance(context, Context):
            yield
            return
        try:
            yield
        except BaseException:
            context.lookups.give_up()
            raise
        try:
            operation = self.execution_context.query or ""
            await context.lookups.finished()
            await lookup.record_missed(context.actor, context.lookups, operation)
            await asyncio.gather(
                reading.released(
                    context.actor, context.reads, context.opened_by, context.withheld, operation
                ),
                reading.record_broken_seals(context.actor, context.broken),
            )
        except Exception:
            # What was withheld is told beside the answer, and part of it.
            context.withheld.clear()
            raise
        if context.sample is not None:
            await offer(context.sample)


def _tokens() -> SchemaExtension:
    return MaxTokensLimiter(max_token_count=limits.TOKENS)


def _parser() -> SchemaExtension:
    return ShortParserCache(maxsize=limits.CACHED_DOCUMENTS)


def _limits() -> SchemaExtension:
    return Limits(maxsize=limits.CACHED_DOCUMENTS)


#: What every schema is built with, in this order.
EXTENSIONS = [_tokens, _parser, _limits, WithheldReport, Recording]
