from pathlib import Path

import pytest

from procedures.tables import column_map
from procedures.tables.table import ImportRefused, open_table
from tests.procedures.importers import HEADER, MAP

ROW = "1,Žydrė,Šimkutė,,,,,,Šiauliai,"


def file(directory: Path, content: bytes) -> Path:
    path = directory / "rows.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("windows-1257", "cp1257")],
)
def test_a_file_is_read_in_the_encoding_that_is_named(tmp_path: Path, encoding: str, name: str):
    table = open_table(file(tmp_path, f"{HEADER}\r\n{ROW}\r\n".encode(encoding)), encoding=name)

    assert table.header[0] == "id"
    assert [row.cells[1] for row in table.rows()] == ["Žydrė"]


def test_another_encoding_is_refused_with_the_line_and_how_to_convert(tmp_path: Path):
    text = f"{HEADER}\n" + "1,Ona,,,,,,,,\n" * 3 + ROW
    with pytest.raises(ImportRefused, match=r"line 5: not valid utf-8.*iconv") as refusal:
        open_table(file(tmp_path, text.encode("windows-1257")))
    assert refusal.value.code == "ENCODING_WRONG"
    assert "ydr" not in refusal.value.message


def test_the_wrong_line_is_found_beyond_the_first_chunk(tmp_path: Path):
    lines = b"a\n" + b"x" * 99 + b"\n"
    with pytest.raises(ImportRefused, match=r"line 30001:"):
        open_table(file(tmp_path, lines * 15_000 + b"\xff"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE_EMPTY"),
        (b"\n\n", "FILE_EMPTY"),
        (b"\xef\xbb\xbf", "FILE_EMPTY"),
        (b"a,b,a\n", "HEADER_TWICE"),
        (b"a,,b\n", "HEADER_EMPTY"),
        ("id,name\n".encode("utf-16-le"), "NUL_CHARACTER"),
        (b'a,"b\n', "QUOTES_UNBALANCED"),
        (b"a" * (5 << 20), "LINE_TOO_LONG"),
    ],
)
def test_a_file_without_a_usable_header_is_refused(tmp_path: Path, content: bytes, code: str):
    with pytest.raises(ImportRefused) as refusal:
        open_table(file(tmp_path, content))
    assert refusal.value.code == code


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(ImportRefused) as refusal:
            open_table(path)
        assert refusal.value.code == "FILE_MISSING"


def test_an_unknown_encoding_is_refused(tmp_path: Path):
    for name in ("klingon", "zip", "hex"):
        with pytest.raises(ImportRefused) as refusal:
            open_table(file(tmp_path, b"a\n"), encoding=name)
        assert refusal.value.code == "ENCODING_UNKNOWN"


def test_rows_are_told_by_the_line_they_begin_in(tmp_path: Path):
    table = open_table(file(tmp_path, b'a,b\r\n1,"x\r\ny"\r\n\r\n2,z\r\n'))

    assert [(row.line, row.cells) for row in table.rows()] == [(2, ("1", "x\r\ny")), (5, ("2", "z"))]


def test_a_column_that_the_map_does_not_know_is_named(tmp_path: Path):
    columns = custom(tmp_path, MAP)
    with pytest.raises(ImportRefused, match="neither maps nor ignores: salary") as refusal:
        columns.bind(open_table(file(tmp_path, f"{HEADER},salary\n".encode())))
    assert refusal.value.code == "COLUMN_UNKNOWN"


@pytest.mark.parametrize(
    ("first", "code"),
    [("Ona,Kazlauskienė,Vilnius", "HEADER_MISSING"), ("Ona,Vilnius,Vilnius", "HEADER_TWICE")],
)
def test_of_a_file_that_begins_with_somebody_nothing_is_told(tmp_path: Path, first: str, code: str):
    columns = custom(tmp_path, MAP)
    with pytest.raises(ImportRefused) as refusal:
        columns.bind(open_table(file(tmp_path, f"{first}\n".encode())))
    assert refusal.value.code == code
    assert [cell for cell in first.split(",") if cell in str(refusal.value)] == []


def test_a_mapped_column_that_is_missing_is_named(tmp_path: Path):
    columns = custom(tmp_path, MAP)
    with pytest.raises(ImportRefused, match=r"lacks columns of the map .*: email") as refusal:
        columns.bind(open_table(file(tmp_path, HEADER.replace(",email", "").encode())))
    assert refusal.value.code == "COLUMN_MISSING"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[orders]", "MAP_INCOMPLETE"),
        ("not toml", "MAP_INVALID"),
        ("[customers.columns]\nid = 'key'\nssn = 'identity.ssn'", "FIELD_UNKNOWN"),
        ("[customers.columns]\nid = 'identity.givenName'", "FIELD_NEEDED"),
        ("[customers.columns]\nid = 'key'\nno = 'key'", "FIELD_TWICE"),
        ("[customers]\nignore = ['id']\n[customers.columns]\nid = 'key'", "MAP_INVALID"),
        ("[customers]\ncolums = {}", "MAP_INVALID"),
        ("[customers]\ndelimiter = ';;'\n[customers.columns]\nid = 'key'", "MAP_INVALID"),
        ("[customers.columns]\nid = 7", "MAP_INVALID"),
        ("source = 'two words'\n[customers.columns]\nid = 'key'", "MAP_INVALID"),
    ],
)
def test_a_map_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, code: str):
    with pytest.raises(ImportRefused) as refusal:
        custom(tmp_path, text)
    assert refusal.value.code == code


def test_a_map_that_is_nowhere_is_refused_with_those_there_are(tmp_path: Path):
    with pytest.raises(ImportRefused, match="chinook, synthea") as refusal:
        column_map.load(str(tmp_path / "none.toml"), "customers")
    assert refusal.value.code == "MAP_MISSING"


@pytest.mark.parametrize("name", column_map.shipped())
def test_a_map_that_comes_along_says_why_it_leaves_columns_behind(name: str):
    columns = column_map.load(name, "customers")

    assert columns.source == name
    assert all(reason and reason != "not needed" for reason in columns.ignored.values())


def test_another_delimiter_may_be_named_in_the_map(tmp_path: Path):
    columns = custom(
        tmp_path, "[customers]\ndelimiter = ';'\n[customers.columns]\nid = 'key'\na = 'identity.givenName'"
    )
    table = open_table(file(tmp_path, b"id;a\n1;x,y\n"), delimiter=columns.delimiter)

    assert [columns.bind(table).fields(row.cells) for row in table.rows()] == [
        {"key": ["1"], "identity.givenName": ["x,y"]}
    ]


def custom(directory: Path, text: str) -> column_map.ColumnMap:
    path = directory / "shop.toml"
    path.write_text(text)
    return column_map.load(str(path), "customers")
