"""What a file may be: tables of files that are taken, and of files that are refused in a sentence."""

import io
import re
import zipfile
from datetime import UTC, date, datetime

import pytest
from openpyxl import Workbook
from portal.imports.rules import workbook
from portal.imports.rules.encoding import Encoding
from portal.imports.rules.packing import pack, unpack
from portal.imports.rules.refused import FileRefused
from portal.imports.rules.table import open_table

TAKEN = {
    "comma": (b"Name,Mail\nAna,a@b.example\n", ",", [(2, ["Ana", "a@b.example"])]),
    "semicolon and lines of Windows": (b"Name;Mail\r\nAna;a@b.example\r\n", ";", [(2, ["Ana", "a@b.example"])]),
    "tab": (b"Name\tMail\nAna\ta@b.example\n", "\t", [(2, ["Ana", "a@b.example"])]),
    "one column": (b"Mail\na@b.example\n", ",", [(2, ["a@b.example"])]),
    "mark of UTF-8": ("\ufeffName,Mail\nAna,a@b.example\n".encode(), ",", [(2, ["Ana", "a@b.example"])]),
    "UTF-16 with its mark": ("Name,Mail\nJosé,a@b.example\n".encode("utf-16"), ",", [(2, ["José", "a@b.example"])]),
    "UTF-16 without it": ("Name,Mail\nJosé,a@b.example\n".encode("utf-16-le"), ",", [(2, ["José", "a@b.example"])]),
    "UTF-16 the other way": ("Name,Mail\nAna,a@b.example\n".encode("utf-16-be"), ",", [(2, ["Ana", "a@b.example"])]),
    "Windows-1252": ("Name,Mail\nJosé,a@b.example\n".encode("cp1252"), ",", [(2, ["José", "a@b.example"])]),
    "Excel's line with the delimiter": (b"sep=;\r\nName;Mail\r\nAna;a,b\r\n", ";", [(3, ["Ana", "a,b"])]),
    "quotes, delimiters and lines in a cell": (
        b'Name,Mail\n"Reis, ""Ana""\nof Porto",a@b.example\nBo,b@b.example\n', ",",
        [(2, ['Reis, "Ana"\nof Porto', "a@b.example"]), (4, ["Bo", "b@b.example"])],
    ),
    "empty lines, empty columns": (b"Name,Mail,,\n\nAna,a@b.example,,\n , ,,\n", ",", [(3, ["Ana", "a@b.example"])]),
    "a row that does not fit": (b"Name,Mail\nAna\nBo,b,c\n", ",", [(2, []), (3, [])]),
}  # fmt: skip
REFUSED = {
    "empty": (b"", "The file is empty."),
    "blank": (b"\n\n", "The file is empty."),
    "header alone": (b"Name,Mail\n", "column names and no rows"),
    "no header": (b"Ana,a@b.example\nBo,b@b.example\n", "this one holds data"),
    "a number in the header": (b"Ana,+49 151 2345678\n", "this one holds data"),
    "name twice": (b"Mail,Name,MAIL\na,b,c\n", "Columns 1 and 3 have the same name."),
    "name missing": (b"Name,,Mail\na,b,c\n", "column 2 has no name"),
    "name too long": (b"Name," + b"x" * 101 + b"\na,b\n", "column 2 has no name of at most 100 letters"),
    "too many columns": (",".join(f"c{n}" for n in range(201)).encode() + b"\n1\n", "The file has 201 columns"),
    "open quote": (
        b'Name,Mail\nAna,a@b.example\n"Bo,b@b.example\nCy,c@b.example\n',
        "Line 3: a quotation mark is opened",
    ),
    "quote in a cell": (b'Name,Mail\n"Ana" Reis,a@b.example\n', "Line 2: something follows a closing quotation mark."),
    "endless cell": (b'Name,Mail\n"' + b"x" * 140_000 + b'",b\n', "Line 2: a quotation mark is opened and not closed."),
    "endless cell first": (b'"' + b"x" * 140_000 + b'",b\n', "Line 1: a quotation mark is opened and not closed."),
    "endless line": (b"Name,Mail\n" + b"Ana," * 250_000 + b"\n", "Line 2 does not end."),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x01\x02\x03", "This is not a text file."),
    "no encoding": (b"Name,Mail\nAna,a\x81\xff\n", "Line 2 holds bytes that are neither UTF-8 nor Windows-1252."),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old or a protected Excel file."),
    "half a workbook": (b"PK\x03\x04 and then nothing", "This Excel workbook cannot be read."),
}


def made_book(*rows, sheets=1) -> io.BytesIO:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    for _ in range(sheets - 1):
        book.create_sheet().append(["other"])
    book.save(out)
    return out


def rows_of(data: bytes | io.BytesIO, *wanted):
    return list(open_table(io.BytesIO(data) if isinstance(data, bytes) else data, *wanted).rows)


@pytest.mark.parametrize("name", TAKEN)
def test_a_file_is_read_as_it_is_meant(name):
    data, delimiter, rows = TAKEN[name]
    table = open_table(io.BytesIO(data))
    assert (table.delimiter, list(table.rows)) == (delimiter, rows)


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(name):
    data, why = REFUSED[name]
    with pytest.raises(FileRefused) as refused:
        rows_of(data)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("encoding", "wanted", "certain", "beyond"),
    [
        ("utf-8", Encoding.DETECT, True, "éö"),
        ("utf-8", Encoding.UTF_8, True, "éö"),
        ("utf-16", Encoding.UTF_16, True, "éö"),
        ("utf-16-le", Encoding.UTF_16, True, "éö"),
        ("cp1252", Encoding.DETECT, False, "éö"),
        ("cp1252", Encoding.WINDOWS, True, "éö"),
    ],
)
def test_people_can_tell_by_its_letters_how_a_file_is_written(encoding, wanted, certain, beyond):
    letters = open_table(
        io.BytesIO("Name,Mail\nJosé Öö,a@b.example\n".replace("Ö", "o").encode(encoding)), wanted
    ).letters
    assert (letters.certain, letters.beyond) == (certain, beyond)


def test_an_encoding_that_was_chosen_and_does_not_fit_names_the_line():
    with pytest.raises(FileRefused, match="Line 2 is not written in UTF-8"):
        rows_of("Name,Mail\nJosé,a@b.example\n".encode("cp1252"), Encoding.UTF_8)


def test_cells_of_a_workbook_become_text():
    moment = datetime(2025, 3, 14, 9, 30, tzinfo=UTC).replace(tzinfo=None)
    cells = ["Ana", 1e22, 12.5, date(2025, 3, 14), moment, True, None, "=A1+1", "#REF!"]
    book = made_book(["a", "b", "c", "d", "e", "f", "g", "h", "i"], [], cells, ["Bo"])
    row, short = rows_of(book)
    texts = ["Ana", "10000000000000000000000", "12.5", "2025-03-14", "2025-03-14T09:30:00", "yes", ""]
    assert row == (3, [*texts, workbook.FORMULA, workbook.ERROR])
    assert short == (4, ["Bo", *[""] * 8])


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b" " * (workbook.MOST_STRINGS + 1))
    assert len(out.getvalue()) < 100_000
    with pytest.raises(FileRefused, match="larger than the portal takes"):
        rows_of(out)


def test_too_many_rows_of_a_workbook_are_refused(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    with pytest.raises(FileRefused, match="A workbook may have 3 rows"):
        rows_of(made_book(["Name"], ["a"], ["b"], ["c"]))


def test_a_zip_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(FileRefused, match="cannot be read"):
        rows_of(out)


@pytest.mark.parametrize(("offsets", "value"), [((6, 8), 1), ((8, 10), 12)])
def test_a_workbook_with_a_password_or_packed_otherwise_is_refused(offsets, value):
    data = bytearray(made_book(["Name"], ["Ana"]).getvalue())
    for mark, offset in zip((b"PK\x03\x04", b"PK\x01\x02"), offsets, strict=True):
        places = [found.start() for found in re.finditer(re.escape(mark), data)]
        for place in places:
            data[place + offset] = value
    with pytest.raises(FileRefused, match="cannot be read"):
        rows_of(io.BytesIO(data))


def test_a_workbook_without_sheets_of_rows_is_refused():
    book, out = Workbook(), io.BytesIO()
    book.create_chartsheet()
    book.remove(book.worksheets[0])
    book.save(out)
    with pytest.raises(FileRefused, match="cannot be read"):
        rows_of(out)


def test_the_first_sheet_alone_is_read():
    assert rows_of(made_book(["Name"], ["Ana"], sheets=2)) == [(2, ["Ana"])]


def test_rows_come_out_of_a_chunk_as_they_went_in():
    rows = [(2, ["Ana", "ü"]), (9, []), (10, ["\0formula", ""])]
    assert unpack(pack(rows)) == rows


def test_a_broken_file_may_be_closed_before_its_rows_are_read():
    file = io.BytesIO(b"Name\nAna\nBo\n")
    table = open_table(file)
    next(table.rows)
    file.close()
    with pytest.raises(ValueError, match="closed"):
        list(table.rows)
