import pytest

pytestmark = pytest.mark.browser

PAGES = ["/gallery", "/live", "/nope", "/fail/500", "/door"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
@pytest.mark.parametrize("path", PAGES)
def test_every_component_and_error_page_is_accessible(as_person, axe, path, width, theme):
    page = as_person("admin" if path != "/door" else "nobody", "/private")
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 860})
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
    axe(page)


@pytest.mark.parametrize("width", [320, 390, 768, 1024])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways(as_person, path, width):
    page = as_person("admin", "/private")
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(page.url.replace("/private", path))
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


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
