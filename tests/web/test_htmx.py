import json

import pytest
from portal.web.htmx import hx_response, request


def ask(site, **headers):
    return site.test_request_context("/", headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_a_fragment_is_sent_only_where_htmx_wants_one(site):
    wanted = {"HX_Request": "true", "HX_Request_Type": "partial"}
    others = [
        {},
        {"HX_Request": "true"},
        {"HX_Request": "true", "HX_Request_Type": "full"},
        {"HX_Request_Type": "partial"},
        {**wanted, "HX_History_Restore_Request": "true"},
    ]
    with ask(site, **wanted):
        assert request.htmx.partial
    for headers in others:
        with ask(site, **headers):
            assert not request.htmx.partial


def test_target_and_source_are_read_as_htmx_4_writes_them(site):
    with ask(site, HX_Target="div#results", HX_Source="form#filter"):
        assert (request.htmx.target_id, request.htmx.source_id) == ("results", "filter")
    with ask(site):
        assert (request.htmx.target_id, request.htmx.source_id) == ("", "")


@pytest.mark.parametrize("swap", ["beforebegin", "afterbegin", "innerHTML show:top", "outerMorph", ""])
def test_every_swap_style_of_htmx_4_may_be_used(site, swap):
    with ask(site):
        assert hx_response("x", reswap=swap).headers.get("HX-Reswap", "") == swap


def test_a_swap_style_that_does_not_exist_is_a_fault(site):
    with ask(site), pytest.raises(ValueError, match="sideways is no swap style"):
        hx_response("x", reswap="sideways show:top")


def test_an_answer_may_push_an_address_and_take_another_target(site):
    with ask(site):
        headers = hx_response("x", 422, push_url="/a?b=1", retarget="#box").headers
    assert (headers["HX-Push-Url"], headers["HX-Retarget"]) == ("/a?b=1", "#box")


def test_a_toast_comes_with_the_fragment_and_leaves_other_events_alone(visitor, token, partial):
    answer = visitor.post("/save", headers={**partial, "X-CSRFToken": token(visitor)})
    assert json.loads(answer.headers["HX-Trigger"]) == {"counted": 3, "toast": {"message": "Saved", "kind": "ok"}}


def test_a_toast_of_a_redirect_waits_for_the_next_page(person):
    client = person("admin")
    client.get("/weighty")
    assert "<span>Done</span>" in client.get("/private").text
    assert "<span>Done</span>" not in client.get("/private").text


def test_a_fragment_that_leads_elsewhere_keeps_its_toast_for_there(person, partial):
    client = person("admin")
    answer = client.get("/weighty", headers=partial)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/private")
    assert "HX-Trigger" not in answer.headers
    assert "<span>Done</span>" in client.get("/private").text
