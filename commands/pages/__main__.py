"""Writes the generated files anew, and says which of them changed: pages, schema, migrations."""

import asyncio

from commands.pages import GENERATED, ROOT
from models.constraints import fresh

for name, text in GENERATED.items():
    file, made = ROOT / name, text()
    same = file.exists() and file.read_text("utf-8") == made
    if not same:
        file.write_text(made, "utf-8", newline="\n")
    print(f"{name}: {'as it was' if same else 'written'}")
for file in asyncio.run(fresh.write()):
    print(f"{file.relative_to(ROOT)}: written")
