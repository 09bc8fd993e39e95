"""Log files that several processes share: rotation, files that go away, disks that fill up."""

import logging
import multiprocessing

import pytest
from portal.config.log_files import SharedFile, StandardStream, unwritable


def record(text):
    return logging.LogRecord("a", logging.INFO, "", 0, text, None, None)


@pytest.fixture
def handler(tmp_path):
    made = SharedFile(tmp_path / "logs/app.log", 10_000, 2)
    yield made
    made.close()


def write_many(path, name):
    handler = SharedFile(path, 10_000, 50)
    for number in range(300):
        handler.emit(record(f"{name} {number} {'x' * 100}"))
    handler.close()


def test_many_processes_share_one_file_and_lose_no_line(tmp_path):
    path = tmp_path / "app.log"
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write_many, args=(path, name)) for name in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    files = [file for file in tmp_path.glob("app.log*") if file.suffix != ".lock"]
    lines = [line for file in files for line in file.read_text().splitlines()]
    assert len(set(lines)) == len(lines) == 1200
    assert len(files) > 10


def test_old_files_are_let_go(handler, tmp_path):
    for _ in range(400):
        handler.emit(record("x" * 100))
    assert sorted(file.name for file in (tmp_path / "logs").glob("app.log*")) == [
        "app.log",
        "app.log.1",
        "app.log.2",
        "app.log.lock",
    ]


def test_a_rotation_by_another_process_is_followed(handler, tmp_path):
    path = tmp_path / "logs/app.log"
    path.write_text("x" * 20_000)
    path.rename(tmp_path / "logs/moved")
    path.write_text("new\n")
    handler.doRollover()
    assert not (tmp_path / "logs/app.log.1").exists()
    handler.emit(record("after"))
    assert path.read_text() == "new\nafter\n"


def test_a_file_that_somebody_took_away_is_made_again(handler, tmp_path):
    (tmp_path / "logs/app.log").unlink()
    handler.emit(record("again"))
    assert (tmp_path / "logs/app.log").read_text() == "again\n"


def test_a_file_that_cannot_be_opened_any_more_is_told_once(handler, tmp_path, capsys):
    path = tmp_path / "logs/app.log"
    path.unlink()
    path.mkdir()
    for number in range(3):
        handler.emit(record(f"line {number}"))
    said = capsys.readouterr()
    assert said.err == f"{unwritable(path, 'Is a directory')}\n"
    assert said.out == "line 0\nline 1\nline 2\n"
    path.rmdir()
    handler.emit(record("line 3"))
    assert path.read_text() == "line 3\n"
    assert not handler.told


def test_a_full_disk_is_told_and_the_lines_go_to_standard_output(tmp_path, capsys):
    handler = SharedFile(tmp_path / "app.log", 10_000, 1)
    handler.close()
    handler.baseFilename = "/dev/full"
    handler.emit(record("kept"))
    said = capsys.readouterr()
    assert "The log file /dev/full cannot be written (No space left on device)" in said.err
    assert said.out == "kept\n"
    with pytest.raises(OSError, match="No space"):
        handler.close()


def test_a_line_that_cannot_be_made_shows_nothing_of_itself(handler, capsys):
    handler.emit(logging.LogRecord("a", logging.INFO, "", 0, "%d", ("canary",), None))
    assert "canary" not in "".join(capsys.readouterr())


def test_a_closed_standard_output_is_borne(monkeypatch, capsys):
    class Closed:
        def write(self, text):
            raise BrokenPipeError

    monkeypatch.setattr("sys.stdout", Closed())
    StandardStream().emit(record("canary"))
    monkeypatch.undo()
    assert capsys.readouterr().err == ""
