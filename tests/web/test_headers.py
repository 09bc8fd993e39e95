from portal.web.assets import FOR_EVER
from portal.web.headers import clear_site_data

from tests.fixtures.database import app_on, cloned
from tests.web.site import extend

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)


def test_every_answer_carries_the_security_headers(visitor):
    for path in ("/gallery", "/nope", "/private", "/static/css/app.css"):
        headers = visitor.get(path, buffered=True).headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in headers


def test_private_pages_are_kept_nowhere_and_vary_by_what_htmx_asks(person):
    headers = person("admin").get("/private").headers
    assert headers["Cache-Control"] == "no-store"
    assert {"HX-Request", "HX-Request-Type"} <= set(headers["Vary"].split(", "))


def test_transport_security_is_promised_over_https_only(visitor):
    assert "Strict-Transport-Security" not in visitor.get("/gallery").headers
    secure = visitor.get("/gallery", base_url="https://localhost").headers
    assert secure["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_a_forged_host_gets_a_sentence_and_nothing_else(visitor):
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1@evil.example"):
        answer = visitor.get("/gallery", headers={"Host": host})
        assert answer.status_code == 400
        assert answer.text.startswith("This portal does not answer under the address you used.")
        assert answer.mimetype == "text/plain"


def test_a_forwarded_host_is_not_believed_without_a_proxy(visitor):
    answer = visitor.get("/private", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert "evil" not in answer.location
    assert "Strict-Transport-Security" not in answer.headers


def test_every_request_has_its_own_name(visitor):
    names = {visitor.get("/gallery", headers={"X-Request-Id": "forged"}).headers["X-Request-Id"] for _ in range(3)}
    assert len(names) == 3
    assert "forged" not in names


def test_static_files_are_kept_for_ever_under_the_hash_of_their_content(visitor):
    page = visitor.get("/gallery").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert visitor.get(address, buffered=True).headers["Cache-Control"] == FOR_EVER
    assert visitor.get("/static/css/app.css?v=old", buffered=True).headers["Cache-Control"] == "no-cache"
    assert visitor.get("/static/css/app.css", buffered=True).headers["Cache-Control"] == "no-cache"


def test_a_static_file_that_is_not_there_is_not_found(visitor):
    answer = visitor.get("/static/nothing.css?v=1")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-cache"


def test_behind_a_proxy_its_word_counts_for_one_hop_and_cookies_are_bound_to_https(redis_url):
    settings = {
        "TRUSTED_PROXY_HOPS": "1",
        "PUBLIC_BASE_URL": "https://portal.tidewell.example",
        "SECURITY_HEADERS_ENABLED": "false",
    }
    forwarded = {
        "X-Forwarded-For": "198.51.100.9, 203.0.113.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "portal.tidewell.example",
    }
    with cloned() as database, app_on(database, REDIS_URL=redis_url, **settings) as app:
        extend(app)
        client = app.test_client()
        answer = client.get("/gallery", headers=forwarded)
        with app.test_request_context(headers=forwarded, environ_base={"REMOTE_ADDR": "10.0.0.1"}):
            assert app.config["SESSION_COOKIE_NAME"] == "__Host-heedful"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-heedful=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Content-Security-Policy" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_signing_out_makes_the_browser_drop_what_it_kept(site):
    with site.test_request_context("/"):
        assert clear_site_data(site.response_class()).headers["Clear-Site-Data"] == '"cache", "storage"'
