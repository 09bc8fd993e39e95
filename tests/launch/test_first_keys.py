"""`flask keys ensure`, which every start runs."""

from sqlalchemy import text


def test_keys_that_are_there_stay_as_they_are(session, isolation):
    before = session.scalars(text("SELECT id FROM crypto_key ORDER BY id")).all()
    session.commit()
    done = isolation.test_cli_runner().invoke(args=["keys", "ensure"])
    assert done.output == "All data keys are there.\n"
    assert session.scalars(text("SELECT id FROM crypto_key ORDER BY id")).all() == before


def test_lost_keys_are_named_and_not_replaced(own_app, own_database):
    with own_database.connect("postgres") as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("DELETE FROM crypto_key WHERE purpose = 'audit'")
    done = own_app.test_cli_runner().invoke(args=["keys", "ensure"])
    assert done.exit_code == 1
    assert done.output.startswith("Error: The keys for audit are gone.")


def test_a_new_installation_gets_its_keys(own_app, own_database):
    with own_database.connect("postgres") as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("TRUNCATE crypto_key, crypto_ring CASCADE")
    done = own_app.test_cli_runner().invoke(args=["keys", "ensure"])
    assert done.output.startswith("Made keys for: ")
