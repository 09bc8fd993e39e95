import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.id || document.activeElement.tagName")


def test_a_refused_form_takes_the_focus_to_its_summary_and_an_accepted_one_says_so(as_person):
    page = as_person("admin", "/live")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="Fix 1 problem before you save")).to_be_focused()
    page.get_by_label("Deadline").fill("27 Nov 2026")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_contain_text("Saved")
    assert focused(page) == "save"
    page.keyboard.press("Escape")
    expect(page.locator(".toast")).to_have_count(0)


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ("409", "Somebody else changed this meanwhile"),
        ("crash", "Something went wrong on our side"),
        ("nowhere", "There is no such page"),
    ],
)
def test_an_error_of_a_fragment_is_said_above_the_page_and_replaces_nothing(as_person, button, words):
    page = as_person("admin", "/live")
    page.locator(f"#ask-{button}").click()
    expect(page.locator("#problems")).to_contain_text(words)
    expect(page.locator("#answer")).to_have_text("Untouched")


def test_a_portal_out_of_reach_is_said_too(as_person, complaints):
    page = as_person("admin", "/live")
    page.context.set_offline(True)
    page.locator("#ask-409").click()
    expect(page.locator("#problems")).to_contain_text("The portal does not answer")
    page.context.set_offline(False)
    complaints[:] = [text for text in complaints if "ERR_INTERNET_DISCONNECTED" not in text and "fetch" not in text]


def test_a_strangers_error_page_is_not_put_into_ours(as_person):
    page = as_person("admin", "/live")
    page.route("**/fail/409", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    page.locator("#ask-409").click()
    expect(page.locator("#problems")).to_contain_text("That did not work")
    expect(page.locator("#answer")).to_have_text("Untouched")


def test_a_weighty_act_in_a_fragment_leads_the_window_away(as_person):
    page = as_person("stale", "/live")
    page.locator("#ask-step-up").click()
    expect(page).to_have_url(re.compile(r"/login/verify\?next=/live$"))


def test_keys_go_to_search_help_and_rows(as_person):
    page = as_person("admin", "/live")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("?j/")
    assert not page.locator("#keys").is_visible()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "Two"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "One"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/private?row=1")


def test_the_help_names_no_key_that_has_nothing_to_do_here(as_person):
    page = as_person("admin", "/live")
    words = ["Go to the search of this page", "Next and previous row of a list"]
    page.keyboard.press("?")
    assert [page.get_by_text(text).is_visible() for text in words] == [True, True]
    page = as_person("admin", "/private")
    page.keyboard.press("?")
    page.get_by_text("This list").wait_for()
    assert [page.get_by_text(text).is_visible() for text in words] == [False, False]


def test_a_toast_is_in_sight_on_a_page_longer_than_the_window(as_person):
    page = as_person("admin", "/live")
    page.set_viewport_size({"width": 1360, "height": 300})
    page.get_by_label("Deadline").fill("27 Nov 2026")
    page.get_by_label("Deadline").press("Enter")
    expect(page.locator(".toast")).to_be_in_viewport(ratio=1)
    assert page.locator(".toast").bounding_box()["width"] < 400


def test_g_and_a_letter_go_to_a_section(as_person):
    page = as_person("admin", "/live")
    key, address = page.locator("nav [data-key]").first.evaluate("node => [node.dataset.key, node.pathname]")
    page.keyboard.press("g")
    page.keyboard.press(key)
    expect(page).to_have_url(re.compile(address))


def test_single_keys_do_nothing_once_switched_off(as_person):
    page = as_person("admin", "/live")
    page.keyboard.press("?")
    page.get_by_role("button", name="Turn single keys off").click()
    expect(page.locator(".toast")).to_contain_text("Single keys are off")
    page.keyboard.press("?")
    assert not page.locator("#keys").is_visible()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(page.get_by_role("button", name="Turn single keys on")).to_be_visible()


def test_a_chip_puts_its_word_at_the_caret(as_person):
    page = as_person("admin", "/live")
    page.get_by_label("Deadline").fill("27 Nov")
    page.get_by_label("Deadline").press("Home")
    page.get_by_role("button", name="due_date").click()
    assert page.get_by_label("Deadline").input_value() == "due27 Nov"
    assert focused(page) == "deadline"


def test_a_password_can_be_looked_at(as_person):
    page = as_person("admin", "/gallery")
    field = page.locator("#password")
    page.get_by_role("button", name="Show").click()
    assert field.get_attribute("type") == "text"
    page.get_by_role("button", name="Show").click()
    assert field.get_attribute("type") == "password"


def test_leaving_with_unsaved_text_asks_first(as_person):
    page = as_person("admin", "/live")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("Deadline").press_sequentially("27")
    page.goto(page.url.replace("/live", "/private"))
    assert asked == ["beforeunload"]


def test_pages_work_without_script(browser, gallery_url):
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "person", "value": "admin", "url": gallery_url}])
    page = context.new_page()
    page.goto(gallery_url + "/live")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("link", name="Enter a deadline").is_visible()
    context.close()
