"""Run as a module: appends entries, each with a change beside it, until it is killed or its number is reached."""

import sys

from portal.app import create_app
from portal.audit.models import AuditVerification
from portal.audit.operations import record
from portal.db import new_session, utc_now
from portal.web.actor import SYSTEM

from tests.audit.conftest import Deed


def main(name: str, count: int) -> None:
    with create_app().app_context():
        for number in range(count):
            with new_session() as session:
                change = AuditVerification(requested_by=name, state="intact", finished_at=utc_now(), head_seq=number)
                session.add(change)
                record(Deed.CHANGE, SYSTEM, object_type=name, object_id=number, session=session)
                session.commit()
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
