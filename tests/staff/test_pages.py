"""Every page of staff, for everybody who may and may not open it; the page check looks at each."""

import pytest
from portal.audit.models import AuditEntry
from portal.staff.events import StaffEvent
from sqlalchemy import select

from tests.fixtures.people import make_person, sign_in_client
from tests.staff.doorway import give_password, submit


@pytest.mark.parametrize("path", ["/account", "/account/security"])
def test_everybody_signed_in_has_account_pages(as_viewer, path):
    page = as_viewer.get(path)
    assert page.status_code == 200
    assert "Tom Berg, Viewer" in page.text


def test_the_list_of_staff_masks_addresses_and_names_states(as_admin, person):
    person("viewer", email="tom.berg@tidewell.example")
    page = as_admin.get("/staff").text
    assert "t•••@•••.example" in page
    assert "tom.berg" not in page
    assert "Active" in page


def test_the_role_matrix_shows_every_role(as_compliance_officer):
    page = as_compliance_officer.get("/staff/roles").text
    assert all(label in page for label in ("Administrator", "Compliance officer", "Marketer", "Viewer"))


@pytest.mark.parametrize("path", ["/staff", "/staff/roles"])
def test_other_roles_do_not_see_the_list_of_staff(as_marketer, person, path):
    person("admin")
    page = as_marketer.get(path)
    assert page.status_code == 403
    assert "Priya Raman" in page.text


def test_a_stranger_is_led_to_the_door(anonymous):
    answer = anonymous.get("/account")
    assert answer.status_code == 302
    assert answer.location == "/login?next=/account"


def test_an_act_is_kept_with_a_hash_of_the_browsers_name(as_viewer, session):
    for agent, theme in (("Browser A", "dark"), ("Browser B", "light"), ("Browser A", "dark"), ("", "light")):
        as_viewer.environ_base["HTTP_USER_AGENT"] = agent
        submit(as_viewer, "/account", theme=theme, time_zone="UTC")
    changes = select(AuditEntry).where(AuditEntry.action == StaffEvent.PREFERENCES_CHANGED).order_by(AuditEntry.seq)
    kept = [row.ua_hash for row in session.scalars(changes)]
    assert kept[0] == kept[2] != kept[1]
    assert "Browser" not in kept[0]
    assert kept[3] is None


def test_preferences_are_kept_and_shown(as_viewer, session):
    answer = submit(as_viewer, "/account", theme="dark", time_zone="Europe/Lisbon")
    assert answer.location == "/account"
    page = as_viewer.get("/account").text
    assert 'data-theme="dark"' in page
    assert 'selected value="Europe/Lisbon"' in page
    assert 'data-keys="off"' in page
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.preferences_changed")).one()
    assert {change[0] for change in entry.changes} == {
        "staff_member.theme",
        "staff_member.time_zone",
        "staff_member.shortcuts_enabled",
    }


def test_a_zone_that_does_not_exist_is_refused(as_viewer):
    answer = submit(as_viewer, "/account", theme="dark", time_zone="Europe/Atlantis")
    assert answer.status_code == 422
    assert "Not a valid choice" in answer.text


def test_single_keys_stay_off_at_the_next_sign_in(as_viewer, anonymous):
    submit(as_viewer, "/account", theme="system", time_zone="UTC")
    give_password(anonymous, as_viewer.person)
    assert 'data-keys="off"' in anonymous.get("/account").text


def test_looking_at_the_list_of_staff_is_written_down(as_admin, session):
    as_admin.get("/staff")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.list_viewed")).one()
    assert str(as_admin.person.id) in entry.subject_refs


def test_nothing_is_shown_when_the_look_cannot_be_written_down(own_app, own_database):
    admin = make_person(own_app, "admin")
    client = sign_in_client(own_app.test_client(), admin)
    with own_database.connect("postgres") as connection:
        connection.execute("REVOKE INSERT ON audit_entry FROM heedful_app")
    answer = client.get("/staff")
    assert answer.status_code >= 500
    assert "•••@•••" not in answer.text
