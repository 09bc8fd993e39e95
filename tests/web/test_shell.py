import pytest
from flask import Flask
from portal.config.channels import Channel, ChannelMode
from portal.web.access import Permission
from portal.web.mode import sending_mode
from portal.web.pages import initials
from portal.web.slots import BANNERS, NAVIGATION, Banner, NavigationEntry


@pytest.fixture
def slots(site: Flask, monkeypatch):
    monkeypatch.setitem(site.extensions, "heedful_slots", {})
    return site


def test_the_navigation_shows_what_a_person_may_use_in_order(slots, person):
    entries = [
        NavigationEntry("gallery.components", "Second", "key", Permission.HOME_VIEW, "Operate", 2, "b", 3, urgent=True),
        NavigationEntry("gallery.private", "First", "audit", Permission.HOME_VIEW, "", 1),
        NavigationEntry("gallery.door", "Hidden", "lock", Permission.STAFF_CHANGE, "", 3),
        NavigationEntry("later.page", "Not built", "lock", Permission.HOME_VIEW, "", 4),
    ]
    NAVIGATION.fill(slots, lambda: entries)
    text = person("marketer").get("/nope").text
    assert text.index("First") < text.index("<h2>Operate</h2>") < text.index("Second")
    assert "Hidden" not in text
    assert "Not built" not in text
    assert '<span class="count bad">3<span class="vh"> need attention</span></span>' in text


def test_the_present_page_is_marked_in_the_navigation(slots, person):
    NAVIGATION.fill(slots, lambda: [NavigationEntry("gallery.private", "Private", "key", Permission.HOME_VIEW)])
    assert '<a href="/private" aria-current="page">' in person("admin").get("/private").text


def test_a_page_below_an_entry_marks_it_and_a_page_beside_it_does_not(slots, person):
    NAVIGATION.fill(slots, lambda: [NavigationEntry("gallery.private", "Private", "key", Permission.HOME_VIEW)])
    assert 'href="/private" aria-current="page"' in person("admin").get("/private/below").text
    assert 'href="/private" aria-current="page"' not in person("admin").get("/privately").text


def test_a_banner_stands_above_every_page_while_something_is_down(slots, person):
    BANNERS.fill(slots, lambda: [Banner("warn", "Redis is down.", "Sending goes on by polling.")])
    assert "<strong>Redis is down.</strong> Sending goes on by polling." in person("admin").get("/private").text


def test_a_part_that_fails_is_left_out_of_the_page(slots, person):
    BANNERS.fill(slots, lambda: 1 / 0)
    assert person("admin").get("/private").status_code == 200


def test_the_chosen_theme_is_kept_and_the_systems_left_alone(person):
    assert '<html lang="en" data-theme="dark">' in person("dark").get("/private").text
    assert '<html lang="en">' in person("admin").get("/private").text


def test_single_keys_can_be_switched_off_and_on(person, token):
    client = person("admin")
    for value, mark in (("off", True), ("on", False)):
        data = {"single_keys": value, "csrf_token": token(client)}
        answer = client.post("/keyboard", data=data, headers={"Referer": "http://localhost/private"})
        assert answer.location == "/private"
        page = client.get("/private").text
        assert f"<span>Single keys are {value}</span>" in page
        assert ('data-keys="off"' in page) is mark


@pytest.mark.parametrize(("label", "letters"), [("Priya Raman", "PR"), ("Ines de Cruz", "IC"), ("Bo", "B"), ("", "")])
def test_initials_are_the_first_letters_of_first_and_last_word(label, letters):
    assert initials(label) == letters


class Modes:
    """Only what the badge asks of the settings."""

    def __init__(self, **modes):
        self.modes = modes

    def mode_of(self, channel: Channel) -> ChannelMode:
        return self.modes.get(channel.value, ChannelMode.DISABLED)


LIVE, DRY = ChannelMode.LIVE, ChannelMode.SIMULATION


@pytest.mark.parametrize(
    ("modes", "sending", "words"),
    [
        ({"email": LIVE}, False, ("Sending is off", "messages wait, nothing is handed over")),
        ({"email": LIVE, "sms": LIVE}, True, ("Live", "email, SMS")),
        (
            {"email": LIVE, "sms": DRY, "whatsapp": DRY},
            True,
            ("Live", "email, SMS and WhatsApp simulated"),
        ),
        ({"email": DRY}, True, ("Simulation", "nothing leaves this machine")),
        ({}, True, ("No channel", "nothing can be sent")),
    ],
)
def test_the_badge_says_what_sending_does(modes, sending, words):
    mode = sending_mode(Modes(**modes), sending=sending)
    assert (mode.word, mode.text) == words
