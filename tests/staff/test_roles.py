"""Every route against every role: what the matrix grants is answered, everything else is refused."""

from datetime import timedelta

import pytest
from portal.db import utc_now
from portal.staff.models import Role
from portal.staff.rules.roles import may
from portal.web.access import STEP_UP_AGE, Permission, declared_access
from werkzeug.routing import IntegerConverter

FREE = {Permission.PUBLIC, Permission.SIGNED_IN}


def routes(app):
    """Method, address and declaration of each route; any value will do for what stands in the address."""
    for rule in app.url_map.iter_rules():
        values = dict.fromkeys(rule.arguments, "00000000-0000-7000-8000-000000000000")
        values |= {name: 7 for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)}
        access = declared_access(app, rule.endpoint)
        if rule.endpoint == "static" or access.permission in FREE:
            continue
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(rule.endpoint, values, method=None)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield method, path, access


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_refused_what_it_was_not_granted(app, signed_in_as, role):
    client = signed_in_as(role)
    wrong = [
        (method, path)
        for method, path, access in routes(app)
        if (client.open(path, method=method).status_code == 403) is may(role, access.permission)
    ]
    assert wrong == []


def test_an_administrator_without_a_second_factor_reaches_nothing(app, signed_in_as):
    client = signed_in_as("admin", second_factor=False)
    answers = {path: client.open(path, method=method).location for method, path, _ in routes(app)}
    assert {path for path, to in answers.items() if not (to or "").startswith("/account/second-factor")} == set()


def test_a_stale_proof_leads_to_step_up_everywhere_it_is_declared(app, as_admin, as_compliance_officer, partial):
    assert utc_now() - timedelta(minutes=10) < utc_now() - STEP_UP_AGE
    weighty = [(method, path, access.permission) for method, path, access in routes(app) if access.step_up]
    for method, path, permission in weighty:
        # What is about clients, administrators may not do at all.
        somebody = as_admin if may(Role.ADMIN, permission) else as_compliance_officer
        page = somebody.open(path, method=method)
        fragment = somebody.open(path, method=method, headers=partial)
        assert (page.status_code, page.location[:13]) == (302, "/login/verify"), path
        assert (fragment.status_code, fragment.headers["HX-Redirect"][:13]) == (401, "/login/verify"), path
