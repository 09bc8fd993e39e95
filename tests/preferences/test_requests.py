"""Asking for data and erasure by a link that can be passed on: written down, and nothing is shown, given or erased."""

import pytest
from portal.audit.models import AuditEntry
from portal.clients.queries import find_client, points_of
from portal.messages.models import Message
from portal.privacy.models import PrivacyRequest
from portal.privacy.queries import list_requests_of
from sqlalchemy import func, select


@pytest.mark.parametrize(("kind", "words"), [("access", "You asked for your data."), ("erasure", "asked us to erase")])
def test_a_request_is_written_down_and_answered_the_same_however_often(session, world, anonymous, kind, words):
    link = f"{world.link}/requests/{kind}"
    page = anonymous.get(link)
    assert "because a link can be passed on" in page.text
    assert list_requests_of(world.client.id) == []
    answers = [anonymous.post(link) for _ in range(3)]
    assert words in answers[0].text
    assert len({answer.data for answer in answers}) == 1
    asked = list_requests_of(world.client.id)
    assert [(one.kind, one.contact_point_id) for one in asked] == [(kind, world.points["email"].id)]
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq.desc()).limit(3)).all()
    assert actions == ["privacy.repeat_request", "privacy.repeat_request", "privacy.receive_request"]


def test_staff_see_it_on_their_home_page(world, anonymous, as_compliance_officer):
    anonymous.post(f"{world.link}/requests/erasure")
    assert "A client asks for the erasure of their data" in as_compliance_officer.get("/").text


def test_a_bad_link_asks_for_nothing(session, anonymous):
    answers = [anonymous.open("/p/x/requests/access", method=method).status_code for method in ("GET", "POST")]
    assert answers == [404, 404]


def test_no_other_kind_of_request_is_taken(session, world, anonymous):
    assert anonymous.post(f"{world.link}/requests/everything").status_code == 404
    assert session.scalar(select(func.count()).select_from(PrivacyRequest)) == 0


def test_whoever_holds_a_forwarded_mail_can_stop_messages_and_learns_and_takes_nothing(session, world, anonymous):
    before = [(point.address, point.state) for point in points_of(world.client.id)]
    link = world.link
    pages = [
        anonymous.get(link),
        anonymous.post(f"{link}/requests/access"),
        anonymous.post(f"{link}/requests/erasure"),
        anonymous.post(link, data=world.form(shown=((world.news, "email"),), address="mallory@elsewhere.example")),
        anonymous.post(f"{link}/stop"),
        anonymous.post(world.unsubscribe),
    ]
    for page in pages:
        assert page.status_code == 200
        for secret in ("maria@", "rivertown", "912345684", "Tavares", "C-0"):
            assert secret not in page.text, secret
    assert [(point.address, point.state) for point in points_of(world.client.id)] == before
    assert find_client(world.client.id).state == "active"
    assert session.scalar(select(func.count()).select_from(Message)) == 0
    assert world.standings()["news-and-offers", "email"] == "withdrawn"
    for path in ("/export", "/address", "/data", "/requests"):
        assert anonymous.get(link + path).status_code == 404
