"""Workers killed in the middle of a check and of an import: nothing half done, nobody lost, nobody twice."""

import psutil
import pytest
from portal.db import transaction
from portal.imports.operations import confirm_import, map_columns
from portal.imports.rules.mapping import Mapping
from portal.queue import JobName, QueueName, wake

from tests.fixtures.database import app_on
from tests.fixtures.workers import wait_until
from tests.imports.conftest import OFFICER, csv_file, load

pytestmark = pytest.mark.faults
COUNT = 12_000
WHERE = "SELECT state, next_chunk FROM client_import"


@pytest.fixture
def ordered(own_database, redis_url, workers):
    """A file with its columns mapped, and the worker and ticker that will check it."""
    with app_on(own_database, REDIS_URL=redis_url) as app, app.app_context():
        row = load(csv_file("Name,Email", *[f"Person {n},p{n}@harbour.example" for n in range(COUNT)]))
        workers.start("tick", wait_for="leading")
        with transaction():
            map_columns(row.id, Mapping(["name", "email"]), OFFICER)
        yield row


def confirm(row) -> None:
    with transaction():
        confirm_import(row.id, COUNT, OFFICER, whole=False)
    wake(QueueName.IMPORTS, JobName.WORK_ON_IMPORT, row.id)


def kill_at(workers, worker, state: str, chunk: int, *, parent: bool) -> None:
    """Kills the process that works, and perhaps its worker first, once it has come that far."""
    wait_until(lambda: workers.rows(f"{WHERE} WHERE state = %s AND next_chunk >= %s", state, chunk))
    horse = psutil.Process(worker.pid).children()[0]
    if parent:
        worker.kill()
    horse.kill()


def whole_chunks(workers) -> bool:
    """Whether exactly the chunks that count as done are there."""
    ((_, chunks),) = workers.rows(WHERE)
    ((clients,),) = workers.rows("SELECT count(*) FROM client")
    return clients == chunks * 1_000


@pytest.mark.parametrize("parent", [False, True])
def test_a_killed_worker_leaves_no_half_chunk_and_the_next_one_goes_on(ordered, workers, parent):
    worker = workers.start("work", "imports", wait_for="idle")
    kill_at(workers, worker, "checking", 2, parent=parent)
    if parent:
        worker.wait()
        worker = workers.start("work", "imports", wait_for="idle")
    wait_until(lambda: workers.rows(f"{WHERE} WHERE state = 'checked'"))
    confirm(ordered)
    kill_at(workers, worker, "importing", 2, parent=parent)
    assert whole_chunks(workers)
    if parent:
        worker.wait()
        workers.start("work", "imports", wait_for="idle")
    wait_until(lambda: workers.rows(f"{WHERE} WHERE state = 'done'"))
    ((new,),) = workers.rows("SELECT (written_rows ->> 'new')::int FROM client_import")
    ((clients, points),) = workers.rows("SELECT count(DISTINCT client_id), count(*) FROM contact_point")
    assert (new, clients, points) == (COUNT, COUNT, COUNT)
