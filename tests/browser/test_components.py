import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "theme"), [(1360, "light"), (1360, "dark"), (390, "light"), (390, "dark")])
def test_every_component_and_kind_of_page_is_accessible(as_person, axe, width, theme):
    page = as_person("admin", "/gallery")
    page.set_viewport_size({"width": width, "height": 860})
    page.emulate_media(color_scheme=theme)
    axe(page)
    for name, path in (("admin", "/nope"), ("nobody", "/fail/500"), ("nobody", "/door")):
        axe(as_person(name, path))


@pytest.mark.parametrize("path", ["/gallery", "/live", "/nope"])
def test_no_page_scrolls_sideways(as_person, path):
    page = as_person("admin", path)
    for width in (320, 390, 768, 1024):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width


def test_the_menu_is_a_drawer_on_a_narrow_screen_and_closes_with_escape(as_person, axe):
    page = as_person("admin", "/private")
    page.set_viewport_size({"width": 390, "height": 800})
    menu = page.get_by_role("button", name="Menu")
    assert not page.locator("#side").is_visible()
    menu.click()
    assert page.locator("#side").is_visible()
    axe(page)
    page.keyboard.press("Escape")
    assert not page.locator("#side").is_visible()
    assert menu.evaluate("node => node === document.activeElement")


def test_a_dialog_opens_without_script_and_gives_the_focus_back(as_person):
    page = as_person("admin", "/gallery")
    opener = page.get_by_role("button", name="Open dialog")
    opener.click()
    assert page.locator("#d2").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#d2").is_visible()
    assert opener.evaluate("node => node === document.activeElement")
