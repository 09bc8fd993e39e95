"""Installs the floor under every page, in the order in which its parts must run."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.config.configuration import Config
from portal.web import assets, charts, errors, forms, guard, headers, htmx, pages, times, trace, uploads


def install(app: Flask, config: Config, shell: pages.Shell) -> None:
    """The order of checks is name, host, access, size, CSRF; filters stand before the macros that use them."""
    if hops := config.general.trusted_proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    trace.install(app)
    headers.install_hosts(app, config.general.allowed_hosts)
    htmx.install(app)
    guard.install(app)
    uploads.install(app)
    forms.install(app)
    assets.install(app)
    headers.install(app, enabled=config.security.headers_enabled)
    errors.install(app)
    times.install(app)
    charts.install(app)
    pages.install(app, shell)
