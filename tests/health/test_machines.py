"""What machines ask: does the process live, can people be sent here."""


def test_the_process_says_that_it_lives_without_asking_the_database(anonymous):
    answer = anonymous.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"state": "alive"})


def test_a_working_portal_is_ready(anonymous):
    answer = anonymous.get("/readyz")
    components = {"database": "ok", "migrations": "ok", "key_ring": "ok", "redis": "up"}
    assert (answer.status_code, answer.json) == (200, {"state": "ready", "components": components})
