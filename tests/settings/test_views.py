"""The settings pages, as each role meets them."""

import pytest
from portal.settings.forms import area_form
from portal.settings.operations import change, save
from portal.settings.queries import Origin, Shown, get_generation, value
from portal.settings.rules import Area, Setting, in_area, limits, sending
from portal.settings.rules.words import Choice
from portal.web.actor import Actor, ActorKind

TOM = Actor(ActorKind.STAFF, "Tom Berg")


def fields(session, area, **changed):
    """The form of an area as it stands, with some fields changed."""
    shown = {one.field: one.kind.show(value(one)) for one in in_area(Area(area)) if not one.step_up}
    several = {name: text.split(",") for name, text in shown.items() if name == "batching-urgencies"}
    shown = {name: text for name, text in {**shown, **several}.items() if text != "off"}
    return {**shown, "seen": get_generation(session).generation, **changed}


def post(client, area, data):
    token = client.get(f"/settings/{area}").text.split('name="csrf_token" value="')[1].split('"')[0]
    return client.post(f"/settings/{area}", data={**data, "csrf_token": token})


def test_settings_begin_with_the_organisation(as_admin):
    assert as_admin.get("/settings").location == "/settings/organisation"


@pytest.mark.parametrize("area", Area)
def test_each_area_shows_every_setting_with_its_origin_and_its_rule(as_admin, area):
    page = as_admin.get(f"/settings/{area}").text
    for setting in in_area(area):
        assert setting.label in page
    assert "This is the default." in page


@pytest.mark.parametrize("area", Area)
def test_saving_an_area_as_it_stands_changes_nothing(session, as_admin, area):
    answer = post(as_admin, area, fields(session, area))
    assert answer.status_code == 303
    assert get_generation(session).generation == 0


def test_a_saved_value_says_who_set_it_and_what_it_was(session, as_admin):
    answer = post(as_admin, "limits", fields(session, "limits", **{"limits-per_hour": "3", "reason": "Kinder"}))
    page = as_admin.get(answer.location).text
    assert value(limits.PER_HOUR) == 3
    for said in ("Saved: Messages to one number, an hour.", "Set by Priya Raman", "5 → 3", "Kinder"):
        assert said in page


def test_a_checkbox_that_is_not_ticked_is_off(session, as_admin):
    data = fields(session, "sending")
    del data["sending-quiet_hours"]
    post(as_admin, "sending", data)
    assert value(sending.QUIET_HOURS) is False


@pytest.mark.parametrize(
    ("area", "field", "text", "said"),
    [
        ("limits", "limits-per_hour", "many", "Enter a whole number between 1 and 1,000."),
        ("limits", "limits-per_day", "4", "Enter at least as many a day as an hour."),
        ("organisation", "organisation-time_zone", "Atlantis", "Select a time zone of the list"),
        ("sending", "sending-quiet_from", "late", "Enter a time between 00:00 and 23:59"),
        ("retry", "reason", "x" * 201, "Field cannot be longer than 200 characters."),
    ],
)
def test_what_cannot_be_saved_is_said_in_the_summary_and_beside_the_field(session, as_admin, area, field, text, said):
    answer = post(as_admin, area, fields(session, area, **{field: text}))
    assert answer.status_code == 422
    assert f'<a href="#{field}">{said}' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert "<title>Error: " in answer.text
    assert get_generation(session).generation == 0


def test_two_people_who_edit_the_same_setting_see_both_values_and_may_go_on(session, as_admin):
    mine = fields(session, "limits", **{"limits-per_hour": "4"})
    change(limits.PER_HOUR, 3, TOM)
    session.commit()
    answer = post(as_admin, "limits", mine)
    assert answer.status_code == 409
    for said in ("Somebody else changed the same settings", "4 an hour", "3 an hour", "Tom Berg"):
        assert said in answer.text
    assert value(limits.PER_HOUR) == 3
    seen = answer.text.split('name="seen" type="hidden" value="')[1].split('"')[0]
    assert post(as_admin, "limits", {**mine, "seen": seen}).status_code == 303
    assert value(limits.PER_HOUR) == 4


@pytest.mark.parametrize("seen", ["?", "", "9" * 40])
def test_a_form_that_does_not_say_what_it_saw_overwrites_nothing(session, as_admin, seen):
    change(limits.PER_HOUR, 3, TOM)
    session.commit()
    data = fields(session, "limits", **{"limits-per_hour": "4", "seen": seen})
    assert post(as_admin, "limits", data).status_code == 409


def test_a_value_the_environment_sets_has_no_field_and_names_its_variable(as_admin, lock):
    lock("limits", per_hour_per_number=2)
    page = as_admin.get("/settings/limits").text
    assert 'name="limits-per_hour"' not in page
    assert "LIMIT_PER_HOUR_PER_NUMBER" in page


def test_a_value_that_contradicts_a_locked_one_says_so(session, as_admin, lock):
    lock("limits", per_day_per_number=10)
    answer = post(as_admin, "limits", fields(session, "limits", **{"limits-per_hour": "11"}))
    assert answer.status_code == 422
    assert "Messages to one number, a day is locked." in answer.text


def test_an_unknown_area_is_not_found(as_admin):
    assert as_admin.get("/settings/weather").status_code == 404


def test_others_may_not_change_settings(session, as_admin, as_marketer, as_compliance_officer):
    data = fields(session, "limits", **{"limits-per_hour": "3"})
    token = as_admin.get("/settings/limits").text.split('name="csrf_token" value="')[1].split('"')[0]
    for client in (as_marketer, as_compliance_officer):
        assert client.post("/settings/limits", data={**data, "csrf_token": token}).status_code in {400, 403}
    assert value(limits.PER_HOUR) == 5


def test_who_may_look_but_not_change_sees_values_without_a_form_to_save(as_compliance_officer):
    page = as_compliance_officer.get("/settings/limits")
    assert page.status_code == 200
    assert "You may look, not change." in page.text
    assert "Save limits settings" not in page.text


def switch(client, **data):
    page = client.get("/settings/sending/switch").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    return client.post("/settings/sending/switch", data={"csrf_token": token, **data})


def test_stopping_all_sending_asks_for_both_factors_again(as_admin):
    assert as_admin.get("/settings/sending/switch").location.startswith("/login")


def test_sending_is_stopped_and_started_again_with_a_reason(session, as_admin, step_up):
    step_up(as_admin)
    assert switch(as_admin, reason="A wrong price went out").status_code == 303
    assert value(sending.ENABLED) is False
    page = as_admin.get("/settings/sending").text
    assert "All sending is stopped." in page
    assert "A wrong price went out" in page
    switch(as_admin, reason="Mended")
    assert value(sending.ENABLED) is True
    assert "Sending is on again." in as_admin.get("/settings/sending").text


def test_stopping_all_sending_needs_a_reason(session, as_admin, step_up):
    answer = switch(step_up(as_admin))
    assert answer.status_code == 422
    assert "Enter why, in a few words." in answer.text
    assert value(sending.ENABLED) is True


def test_a_switch_the_environment_holds_cannot_be_turned(as_admin, step_up, lock):
    step_up(as_admin)
    token = as_admin.get("/settings/sending/switch").text.split('name="csrf_token" value="')[1].split('"')[0]
    lock("general", sending_enabled=False)
    assert "SENDING_ENABLED" in as_admin.get("/settings/sending/switch").text
    assert "Start sending again</a>" not in as_admin.get("/settings/sending").text
    answer = as_admin.post("/settings/sending/switch", data={"csrf_token": token, "reason": "Now"})
    assert answer.status_code == 409
    assert "The environment decides this" in answer.text


def test_a_choice_becomes_a_list_to_select_from(isolation):
    kind = Choice((("digest", "As a digest"), ("last", "Only the last one")))
    style = Setting("batching.style", Area.BATCHING, kind, "last", "Style", "How.", "Your own choice.")
    with isolation.test_request_context():
        form = area_form([Shown(style, "last", Origin("default"))], 0)
        assert '<option selected value="last">Only the last one</option>' in str(form["batching-style"]())


def test_the_security_contact_stands_where_a_person_sees_sign_ins(as_viewer, session):
    assert "The security contact is" not in as_viewer.get("/account/security").text
    save({"organisation.security_contact": "security@tidewell.example"}, TOM, session=session)
    session.commit()
    assert "The security contact is security@tidewell.example." in as_viewer.get("/account/security").text
