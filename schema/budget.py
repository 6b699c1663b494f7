"""How much one operation may answer, counted while it is executed.

`schema.limits` refuses beforehand what asks for too much. How long lists are that are no pages, how often the same record
is answered again, and how long texts are, is known when it is answered: each field counts as one, as there, an item of a
list of values as one, and a long text as one for every TEXT characters. What goes beyond ends at once, and so does what
would read more records than one operation may.

A query that ends so is QUERY_TOO_COMPLEX, and nothing of it is answered; a mutation is done, and answered with ANSWER_TOO_LARGE.
"""

from collections.abc import Sized
from typing import Any, Final

from graphql import OperationType, get_nullable_type, is_leaf_type
from graphql.pyutils import Path, Undefined
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from schema.limits import COST
from schema.reading import AnswerTooLarge

#: How many characters of a text count as a field.
TEXT: Final = 50


class ChangedAnswerTooLarge(AnswerTooLarge):
    """The answer of a mutation has become too large, whose work was done before it was answered."""

    code = "ANSWER_TOO_LARGE"
    message = (
        "It is done, but what came of it is too large to be answered. Read it by a query, less at a time."
    )


class Counting(StrawberryGraphQLCoreExecutionContext):
    """Executes an operation as long as its answer is within the budget."""

    left: int = COST

    def execute_fields(
        self, parent_type: Any, source_value: Any, path: Path | None, grouped_field_set: Any, context: Any
    ) -> Any:
        """The fields of an object, each counted."""
        self._take(len(grouped_field_set))
        return super().execute_fields(parent_type, source_value, path, grouped_field_set, context)

    def complete_list_value(
        self, return_type: Any, details: Any, info: Any, path: Path, result: Any, context: Any
    ) -> Any:
        """A list; its items are counted where they are values, and records by their fields."""
        if isinstance(result, Sized) and is_leaf_type(get_nullable_type(return_type.of_type)):
            self._take(len(result))
        return super().complete_list_value(return_type, details, info, path, result, context)

    def complete_leaf_value(self, return_type: Any, result: Any) -> Any:  # type: ignore[override]  # called on the executor
        """A value; a text counts by its length."""
        if type(result) is str and len(result) > TEXT:
            self._take(len(result) // TEXT)
        value = return_type.coerce_output_value(result)
        if value is None or value is Undefined:
            # It is no value of the type, which is the library's to say.
            return super().complete_leaf_value(return_type, result)
        return value

    def handle_field_error(self, raw_error: Exception, return_type: Any, details: Any, path: Path) -> None:
        """An error of a field; what ends the operation is none, but of the mutation that was answered."""
        if isinstance(raw_error, AnswerTooLarge):
            if path.prev is not None or self.operation.operation is not OperationType.MUTATION:
                raise raw_error
            raw_error = ChangedAnswerTooLarge()
        super().handle_field_error(raw_error, return_type, details, path)

    def _take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise AnswerTooLarge
