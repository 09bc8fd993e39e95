"""Files to import and what becomes of them: `load` keeps a file, `check` maps and checks it, `bring` imports it."""

import io

import pytest
from portal.clients.models import Client, ContactPoint
from portal.clients.queries import find_by_email
from portal.consent.models import LegalBasis, TopicClass
from portal.consent.operations import add_wording, make_topic
from portal.db import db, new_id, transaction
from portal.imports.models import ClientImport
from portal.imports.operations import confirm_import, map_columns, start_import, work_on
from portal.imports.queries import find_import, list_problems, list_topic_choices
from portal.imports.rules.counting import Counts
from portal.imports.rules.header import column_names
from portal.imports.rules.mapping import Mapping
from portal.imports.rules.targets import guess
from portal.web.actor import Actor, ActorKind
from sqlalchemy import func, select

OFFICER = Actor(ActorKind.STAFF, "Mara Kessler", id=new_id())
FOREVER = float("inf")


def csv_file(*lines: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO("\n".join(lines).encode(encoding) + b"\n")


def load(file: io.BytesIO, name: str = "clients.csv") -> ClientImport:
    with transaction():
        return start_import(file, name, len(file.getvalue()), OFFICER)


def check(row: ClientImport, **facts) -> ClientImport:
    names = column_names(row.columns)
    targets = facts.pop("targets", None) or guess(names, list_topic_choices())
    with transaction():
        map_columns(row.id, Mapping(targets, **facts), OFFICER)
    assert not work_on(row.id, FOREVER)
    return find_import(row.id)


def bring(row: ClientImport, *, whole: bool = False) -> ClientImport:
    with transaction():
        confirm_import(row.id, Counts.from_json(row.checked_rows).good, OFFICER, whole=whole)
    assert not work_on(row.id, FOREVER)
    return find_import(row.id)


def problems(row: ClientImport) -> list[tuple[int, int, str]]:
    return [tuple(one) for one in list_problems(row.id)]


def checked(row: ClientImport) -> dict[str, int]:
    return {name: number for name, number in row.checked_rows.items() if number}


def written(row: ClientImport) -> dict[str, int]:
    return {name: number for name, number in row.written_rows.items() if number}


def how_many() -> tuple[int, int]:
    """Clients and addresses."""
    return tuple(db.session.scalar(select(func.count()).select_from(table)) for table in (Client, ContactPoint))


def known(email: str) -> Client | None:
    db.session.expunge_all()
    return find_by_email(email)


def make_news(*, double_opt_in: bool = False):
    """A topic with one English wording."""
    with transaction():
        topic = make_topic("News", TopicClass.MARKETING, LegalBasis.CONSENT, OFFICER)
        topic.double_opt_in = double_opt_in
        return topic, add_wording(topic.id, "en", "Yes, write to me.", OFFICER)


@pytest.fixture
def news(session):
    return make_news()
