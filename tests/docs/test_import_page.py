"""The commands and the map that the page on importing shows, on files such as it speaks of."""

import os
import subprocess
from pathlib import Path

from tests.docs.pages import blocks, page

#: What the page leaves out of its map: the same for the other files.
REST = """
[employees.columns]
ID = "key"
Login = "login"
Name = "familyName"
Title = "title"

[employees.roles]
Helper = "agent"

[orders.columns]
ID = "key"
Who = "customer"
Day = "placedAt"
Sum = "total"

[lines.columns]
Order = "order"
Thing = "product"
Each = "unitPrice"
Times = "quantity"

[products.columns]
ID = "key"
Name = "name"
"""
FILES = {
    "notice.md": "We use your data to help you.",
    "staff.csv": "ID,Login,Name,Title\n1,ruta@shop.example,Rūta,Helper\n",
    "customers.csv": "ID,First,Last,Firm,Mail,Street,Agent,Proof,Birthday\n"
    "7,Ona,Onaitė,Ledai,ona@example.org,Pilies g. 1,1,form 7,1990-01-01\n",
    "invoices.csv": "ID,Who,Day,Sum\n70,7,2026-01-02,5.00\n",
    "lines.csv": "Order,Thing,Each,Times\n70,9,2.50,2\n",
    "products.csv": "ID,Name\n9,Ice\n",
}


def test_an_import_goes_as_the_page_shows(quick_clone: Path) -> None:
    shown = {block.language: block.text for block in blocks(page("docs/import.md"))}
    for name, text in {**FILES, "shop.toml": shown["toml"] + REST}.items():
        (quick_clone / name).write_text(text, "utf-8")

    done = subprocess.run(
        ["sh", "-eu", "-c", f"./savas migrate\n{shown['sh']}"],
        cwd=quick_clone,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert not list(quick_clone.glob("*.errors.csv"))
