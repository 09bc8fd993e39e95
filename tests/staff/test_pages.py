"""Every page of staff, for everybody who may and may not open it; the page check looks at each."""

import pytest


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
