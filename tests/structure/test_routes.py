"""Every route of the portal, walked: none can escape the rules."""

import re

import pytest
from portal.web.access import ACTS, Permission, declared_access
from werkzeug.routing import Rule

NAME = re.compile(r"^[a-z_]+\.[a-z_]+$")
# Answers for machines and files, not pages.
NOT_PAGES = ("static", "health.alive", "health.ready", "web.robots", "web.security")


def rules(app) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint)


def test_every_route_declares_who_may_use_it(app):
    silent = [rule.endpoint for rule in rules(app) if declared_access(app, rule.endpoint) is None]
    assert silent == []


def test_every_permission_can_be_named_in_a_refusal():
    assert set(ACTS) == set(Permission)


def test_every_endpoint_is_named_feature_and_action(app):
    odd = [rule.endpoint for rule in rules(app) if rule.endpoint != "static" and not NAME.match(rule.endpoint)]
    assert odd == []


def test_no_route_changes_anything_by_get_and_says_so_in_its_address(app):
    verbs = re.compile(r"/(delete|remove|end|revoke|approve|cancel|sign-out|logout)$")
    assert [rule.rule for rule in rules(app) if "GET" in rule.methods and verbs.search(rule.rule)] == []


def test_what_is_public_is_written_down(app):
    public = {
        rule.endpoint for rule in rules(app) if declared_access(app, rule.endpoint).permission == Permission.PUBLIC
    }
    assert public <= {
        "static",
        "staff.sign_in",
        "staff.step_up",
        "staff.set_up",
        "health.alive",
        "health.ready",
        "preferences.ask",
        "preferences.ask_to_confirm",
        "preferences.centre",
        "preferences.confirm",
        "preferences.consider_request",
        "preferences.make_request",
        "preferences.prove",
        "preferences.save",
        "preferences.send_link",
        "preferences.send_settings",
        "preferences.show",
        "preferences.stop",
        "preferences.stop_all",
        "preferences.take_back",
        "web.robots",
        "web.security",
    }


def plain_pages(app) -> list[str]:
    """The addresses of every page that needs nothing to be known."""
    return [
        rule.rule
        for rule in rules(app)
        if "GET" in rule.methods and not rule.arguments and rule.endpoint not in NOT_PAGES
    ]


def test_every_page_answers_plainly_to_whom_it_is_open(app, as_admin, as_compliance_officer, as_marketer):
    answers = {path: as_admin.get(path) for path in plain_pages(app)}
    # The administrator sees no data of clients; what is about them is open to those who work with them.
    for somebody in (as_compliance_officer, as_marketer):
        answers |= {path: somebody.get(path) for path, answer in answers.items() if answer.status_code == 403}
    bad = {path: answer.status for path, answer in answers.items() if answer.status_code not in (200, 302, 303)}
    assert bad == {}
    halves = [
        path
        for path, answer in answers.items()
        if answer.status_code == 200 and answer.mimetype == "text/html" and "<html" not in answer.text
    ]
    assert halves == []


def test_every_private_page_leads_a_stranger_to_the_door(app, anonymous, partial):
    for path in plain_pages(app):
        answer = anonymous.get(path)
        assert answer.status_code in (200, 302, 303), path
        if answer.status_code == 302:
            assert answer.location.startswith("/login?next=/"), path
            fragment = anonymous.get(path, headers=partial)
            assert (fragment.status_code, fragment.headers["HX-Redirect"][:12]) == (401, "/login?next=")


@pytest.mark.parametrize("who", ["as_admin", "as_compliance_officer", "as_marketer", "as_viewer"])
def test_every_link_of_the_menu_opens_for_whom_it_is_shown(who, request):
    client = request.getfixturevalue(who)
    page = client.get("/account").text
    menu = page.split('aria-label="Main"')[1].split("</nav>")[0]
    for path in re.findall(r'href="([^"]+)"', menu):
        assert client.get(path, follow_redirects=True).status_code == 200, path
