import pytest

GOOD = {"subject": "  Hello  "}


def test_a_form_without_its_token_is_refused_in_friendly_words(visitor):
    answer = visitor.post("/save", data=GOOD)
    assert answer.status_code == 400
    assert "This page was open too long" in answer.text


def test_an_old_form_in_a_fragment_says_so_beside_the_text_it_keeps(visitor, partial):
    answer = visitor.post("/save", data=GOOD, headers=partial)
    assert answer.status_code == 400
    assert answer.headers["HX-Retarget"] == "#problems"
    assert "Your text is still on the page" in answer.text


def test_the_field_of_the_form_is_accepted(visitor, token):
    assert visitor.post("/save", data={**GOOD, "csrf_token": token(visitor)}).status_code == 200


def test_the_header_of_htmx_is_accepted(visitor, token, partial):
    answer = visitor.post("/save", data=GOOD, headers={**partial, "X-CSRFToken": token(visitor)})
    assert answer.status_code == 200


def test_what_nobody_types_is_taken_out_of_a_text(visitor, token):
    answer = visitor.post("/save", data={"subject": " Hel\0lo ", "csrf_token": token(visitor)})
    assert "<p>Hello</p>" in answer.text


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_every_changing_method_needs_the_token(visitor, method):
    assert getattr(visitor, method)("/gallery").status_code == 405


def test_a_token_of_another_browser_is_refused(site, token):
    stranger, victim = site.test_client(), site.test_client()
    token(victim)
    assert victim.post("/save", data={**GOOD, "csrf_token": token(stranger)}).status_code == 400


def test_blanks_around_text_are_taken_away(visitor, token):
    assert visitor.post("/save", data={**GOOD, "csrf_token": token(visitor)}).text == "<p>Hello</p>"


def test_a_body_that_is_too_large_is_refused(visitor):
    answer = visitor.post("/save", data={"subject": "x" * 2_000_000})
    assert answer.status_code == 413
