"""The files of an export archive, for programs, for spreadsheets and for people.

index.html        everything on one page, which needs no network
data.json         everything, as one document with its version
csv/<name>.csv    the same by kind, one row a line; lists are JSON in their cell
receipts/         the receipts of consents
scans/            the scans of letters
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

#: The beginnings that a spreadsheet takes for those of a formula, and the mark before a text.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_TEXT_MARK: Final = "'"

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
        document: by kind, a row, a list of rows, or None; the receipts in `consents` become files.
        at: when it was made.
    """
    data = deepcopy(dict(document))
    contents = _receipts(data.get("consents") or [])
    whole = {"format": FORMAT, "version": VERSION, "madeAt": _instant(at), "data": data}
    contents["data.json"] = json.dumps(whole, ensure_ascii=False, indent=1).encode()
    tables = {name: [_flat(row) for row in _rows(value)] for name, value in data.items()}
    for name, rows in tables.items():
        contents[f"csv/{name}.csv"] = _csv(rows)
    contents["index.html"] = _page(tables, at)
    return contents


def manifest(contents: Mapping[str, bytes], at: datetime) -> bytes:
    """The list of an archive's files as JSON: the bytes that are signed."""
    entries = [
        {"name": name, "size": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in sorted(contents.items())
    ]
    document = {"format": f"{FORMAT}-manifest", "version": VERSION, "madeAt": _instant(at), "files": entries}
    return json.dumps(document, indent=1).encode()


def packed(contents: Mapping[str, bytes]) -> bytes:
    """A ZIP archive of some files."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(contents.items()):
            archive.writestr(name, content)
    return raw.getvalue()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _rows(value: Any) -> list[Row]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _receipts(consents: Iterable[Row]) -> dict[str, bytes]:
    """The receipts as files; in the consents, the files' names take their place."""
    contents: dict[str, bytes] = {}
    for consent in consents:
        for receipt in consent.get("receipts") or []:
            for kind in ("json", "html"):
                if receipt.get(kind) is not None:
                    name = f"receipts/{len(contents) // 2 + 1:04}.{kind}"
                    contents[name], receipt[kind] = receipt[kind].encode(), name
    return contents


def _flat(row: Row, before: str = "") -> Row:
    """A row without nested objects: their fields are named as in `provenance.source`."""
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
    writer.writerows({name: _escaped(value) for name, value in row.items()} for row in rows)
    return out.getvalue().encode()


def _escaped(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return _TEXT_MARK + value
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
    return re.sub(r"(?<!^)([A-Z])", lambda match: f" {match[1].lower()}", name).capitalize()
