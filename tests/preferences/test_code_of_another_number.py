"""A code proves the number it was sent to, and no other that has taken its place meanwhile."""

import re

from portal.db import transaction

from tests.verification.conftest import caught, code_in, settings


def test_a_code_for_the_number_of_before_turns_nothing_on_for_the_present_one(clean_redis, world, anonymous):
    with settings(SMS_MODE="simulation"):
        page = anonymous.post(world.link, data=world.form((world.news, "sms"))).text
        with transaction():
            world.points["sms"].address = "+351912345685"
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
        answer = anonymous.post(f"{world.link}/codes", data={**hidden, "code": code_in(caught()[0].body)})
    assert "There is no code to check here. Ask for a new one." in answer.text
    assert ("news-and-offers", "sms") not in world.standings()
