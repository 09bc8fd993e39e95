import pytest


def test_every_component_renders_as_a_checked_page(person):
    assert person("admin").get("/gallery").status_code == 200


def test_the_fragment_of_a_page_is_cut_from_the_same_source(person, partial):
    page = person("admin").get("/gallery").text
    fragment = person("admin").get("/gallery", headers=partial).text
    assert '<h2 id="x14">Empty</h2>' in fragment
    assert "<html" not in fragment
    assert fragment.strip().splitlines()[-1] in page


def test_a_component_that_does_not_exist_is_an_error(site):
    with pytest.raises(AttributeError, match="no_such_part"):
        _ = site.jinja_env.globals["ui"].no_such_part
