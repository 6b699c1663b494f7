"""The tests that stand in policy files, and the fixtures that make their worlds."""

from policies.testing import expectations, fixtures
from policies.testing.expectations import askable
