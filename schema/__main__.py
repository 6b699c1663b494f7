"""Writes the published schema: `python -m schema > schema/schema.graphql`."""

import sys

from schema.build import build, published

sys.stdout.write(published(build()))
