"""The archive that a customer takes along: what is in it, for programs, for spreadsheets and for people.

index.html        everything on one page, which needs no network
data.json         everything, as one document of a stated version
csv/<name>.csv    the same by kind, one row a line; what lies deeper is JSON in its cell
receipts/         the receipts of consents, as they were given
MANIFEST.json     the SHA-256 of each of these files; signed in MANIFEST.sig by the key in signing.pub (Ed25519, hex)

A cell that a spreadsheet would take for a formula begins with an apostrophe.
"""

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

FORMAT: Final = "savas-export"
VERSION: Final = 1
MANIFEST: Final = "MANIFEST.json"

Row = dict[str, Any]

#: What a spreadsheet would take for a formula, and what makes it a text.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_DEFUSED: Final = "'"

_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Everything kept about you</title><style>
:root{{color-scheme:light dark}}body{{font:16px/1.5 sans-serif;margin:2em auto;max-width:80em;padding:0 1em}}
div{{overflow-x:auto}}table{{border-collapse:collapse;font-size:.85em}}
td,th{{border:1px solid #8888;padding:.2em .6em;text-align:left;vertical-align:top;white-space:pre-wrap}}
@media(prefers-color-scheme:dark){{body{{background:#1b1b1b;color:#eee}}a{{color:#9cf}}}}
</style></head><body><h1>Everything kept about you</h1>
<p>Made on {at}. The same is in <a href="data.json">data.json</a> for programs, and in <code>csv/</code> for spreadsheets.
<code>MANIFEST.json</code> names each file with its SHA-256 and is signed.</p>
<ul>{contents}</ul>{sections}</body></html>
"""


def files(document: Mapping[str, Any], at: datetime) -> dict[str, bytes]:
    """The files of an archive, by name.

    Args:
        document: by kind, a row, a list of rows, or None.
        at: when it was made.
    """
    data = deepcopy(dict(document))
    found = _receipts(data.get("consents") or [])
    whole = {"format": FORMAT, "version": VERSION, "madeAt": _instant(at), "data": data}
    found["data.json"] = json.dumps(whole, ensure_ascii=False, indent=1).encode()
    tables = {name: [_flat(row) for row in _rows(held)] for name, held in data.items()}
    for name, rows in tables.items():
        found[f"csv/{name}.csv"] = _csv(rows)
    found["index.html"] = _page(tables, at)
    return found


def manifest(found: Mapping[str, bytes], at: datetime) -> bytes:
    """What is in an archive: the bytes that are signed."""
    listed = [
        {"name": name, "size": len(held), "sha256": sha256(held).hexdigest()}
        for name, held in sorted(found.items())
    ]
    told = {"format": f"{FORMAT}-manifest", "version": VERSION, "madeAt": _instant(at), "files": listed}
    return json.dumps(told, indent=1).encode()


def packed(found: Mapping[str, bytes]) -> bytes:
    """Files as one ZIP archive."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in sorted(found.items()):
            archive.writestr(name, held)
    return raw.getvalue()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _rows(held: Any) -> list[Row]:
    if held is None:
        return []
    return list(held) if isinstance(held, list) else [held]


def _receipts(consents: Iterable[Row]) -> dict[str, bytes]:
    """The receipts as files; in their place remain the files' names."""
    found: dict[str, bytes] = {}
    for consent in consents:
        for receipt in consent.get("receipts") or []:
            for kind in ("json", "html"):
                if receipt.get(kind) is not None:
                    name = f"receipts/{len(found) // 2 + 1:04}.{kind}"
                    found[name], receipt[kind] = receipt[kind].encode(), name
    return found


def _flat(row: Row, before: str = "") -> Row:
    """A row without depth: `provenance.source` names what lay deeper."""
    flat: Row = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{name}.")
        else:
            flat[before + name] = json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
    return flat


def _columns(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _csv(rows: list[Row]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, _columns(rows))
    writer.writeheader()
    writer.writerows({name: _defused(value) for name, value in row.items()} for row in rows)
    return out.getvalue().encode()


def _defused(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return _DEFUSED + value
    return value


def _page(tables: Mapping[str, list[Row]], at: datetime) -> bytes:
    contents = "".join(
        f'<li><a href="#{name}">{_title(name)}</a>: {len(rows)}</li>' for name, rows in tables.items()
    )
    sections = "".join(f'<h2 id="{name}">{_title(name)}</h2>{_table(rows)}' for name, rows in tables.items())
    return _PAGE.format(at=_instant(at), contents=contents, sections=sections).encode()


def _table(rows: list[Row]) -> str:
    if not rows:
        return "<p>Nothing.</p>"
    columns = _columns(rows)
    head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{_cell(row.get(name))}</td>' for name in columns)}</tr>" for row in rows
    )
    return f"<div><table><tr>{head}</tr>{body}</table></div>"


def _cell(value: Any) -> str:
    return "" if value is None else html.escape(str(value))


def _title(name: str) -> str:
    """`postalAddresses` → Postal addresses."""
    return re.sub(r"(?<!^)([A-Z])", lambda found: f" {found[1].lower()}", name).capitalize()
