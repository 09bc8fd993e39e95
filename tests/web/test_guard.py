import pytest
from flask import g
from portal.web import access
from portal.web.actor import ActorKind
from portal.web.guard import checked_next
from structlog.testing import capture_logs

from tests.web.site import PEOPLE


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("/audit?actor=ann", "/audit?actor=ann"),
        ("/audit", "/audit"),
        (None, "/"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("///evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("//[evil", "/"),
        ("audit", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("/\tevil.example", "/"),
    ],
)
def test_only_a_path_of_this_portal_is_gone_on_to(target, kept):
    assert checked_next(target) == kept


@pytest.mark.parametrize("address", ["/private?page=%00", "/private?a=1&page=2&page=%00", "/pri%00vate"])
def test_an_address_with_a_nul_is_refused_before_anything_is_asked_of_the_database(visitor, address):
    with capture_logs() as logs:
        assert visitor.get(address).status_code == 400
    assert logs[0]["reason"] == "nul_in_address"


def test_who_is_not_signed_in_is_led_to_the_door_and_back(visitor):
    answer = visitor.get("/private?page=2")
    assert answer.status_code == 302
    assert answer.location == "/login?next=/private?page%3D2"


def test_a_fragment_leads_the_whole_window_to_the_door(visitor, partial):
    answer = visitor.get("/private", headers={**partial, "HX-Current-URL": "http://localhost/clients?q=1"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=/clients?q%3D1"
    assert answer.data == b""


def test_a_form_of_an_ended_session_leads_back_to_the_page_it_stood_on(visitor):
    answer = visitor.post("/weighty", headers={"Referer": "http://localhost/private"})
    assert answer.location == "/login?next=/private"


@pytest.mark.parametrize("page", ["https://evil.example/private", "http://[evil", ""])
def test_a_form_on_a_foreign_page_leads_nowhere_in_particular(visitor, page):
    answer = visitor.post("/weighty", headers={"Referer": page})
    assert answer.location == "/login?next=/"


def test_a_route_that_declares_nothing_is_closed_even_to_administrators(person):
    with capture_logs() as logs:
        answer = person("admin").get("/undeclared")
    assert answer.status_code == 403
    assert {"reason": "route.undeclared", "endpoint": "gallery.undeclared"}.items() <= logs[0].items()


def test_the_right_permission_opens_the_page(person):
    assert person("admin").get("/private").status_code == 200


def test_the_refusal_names_the_role_and_whom_to_ask(person):
    client = person("marketer")
    with capture_logs() as logs:
        answer = client.get("/private")
    assert answer.status_code == 403
    assert "You need the role Compliance officer" in answer.text
    assert "Reading the audit log is open to the role Compliance officer." in answer.text
    assert "You are signed in as Ines Duarte, Marketer." in answer.text
    assert "Mara Kessler and Tom Berg can do it for you, or give you the role." in answer.text
    assert "mailto:mara.kessler@tidewell.example" in answer.text
    assert {"reason": "permission_missing", "permission": "audit.view"}.items() <= logs[0].items()


def test_a_required_second_factor_that_is_missing_must_be_set_up_first(person):
    assert person("enrolling").get("/private").location.startswith("/account/second-factor?next=/private")


def test_a_page_for_enrolling_people_is_open_to_them(person, token):
    client = person("enrolling")
    assert client.post("/keyboard", data={"csrf_token": token(client)}).status_code == 303


@pytest.mark.parametrize("who", ["stale", "unproved", "tomorrow"])
def test_a_weighty_act_needs_a_fresh_proof(person, who):
    assert person(who).get("/weighty").location == "/login/verify?next=/weighty"


def test_a_weighty_act_in_a_fragment_leads_the_window_to_the_proof(person, partial):
    headers = {**partial, "HX-Current-URL": "http://localhost/private"}
    answer = person("stale").get("/weighty", headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login/verify?next=/private")


def test_a_fresh_proof_lets_the_act_through(person):
    assert person("admin").get("/weighty").location == "/private"


def test_the_door_is_for_those_outside(visitor, person):
    assert visitor.get("/door").status_code == 200
    assert person("admin").get("/door").location == "/"


def test_an_act_is_done_by_whoever_asks(site):
    with site.test_request_context("/", environ_base={"REMOTE_ADDR": "203.0.113.7"}):
        g.request_id = "7F3K-2Q9D-0000"
        g.heedful_user = None
        stranger = access.current_actor()
        g.heedful_user = PEOPLE["admin"]
        priya = access.current_actor()
    assert (stranger.kind, stranger.ip, stranger.request_id) == (ActorKind.ANONYMOUS, "203.0.113.7", "7F3K-2Q9D-0000")
    assert (priya.label, priya.roles, priya.session_id) == ("Priya Raman", ("admin",), PEOPLE["admin"].session_id)


def test_who_signed_in_or_out_is_asked_for_anew(site):
    with site.test_request_context("/", headers={"Cookie": "person=admin"}):
        g.heedful_user = None
        access.forget_user()
        assert access.current_user() is PEOPLE["admin"]
