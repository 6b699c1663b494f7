"""Writes the generated files anew, and says which of them changed: pages, schema, migrations.

Names of files after it (`python -m docs.pages schema/schema.graphql models/migrations`) limit it to these.
"""

import asyncio
import sys

from docs.pages import GENERATED, ROOT, migrations

MIGRATIONS = "models/migrations"
named = sys.argv[1:] or [*GENERATED, MIGRATIONS]

for name, text in GENERATED.items():
    if name not in named:
        continue
    file, content = ROOT / name, text()
    same = file.exists() and file.read_text("utf-8") == content
    if not same:
        file.write_text(content, "utf-8", newline="\n")
    print(f"{name}: {'as it was' if same else 'written'}")
if MIGRATIONS in named:
    for file in asyncio.run(migrations.write()):
        print(f"{file.relative_to(ROOT)}: written")
