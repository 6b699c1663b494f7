"""How long traces are kept that nothing else ends: what was looked up and missed, and what was disclosed."""

from procedures.retention.retention import Retention, endings, expire
