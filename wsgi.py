"""The entry of the web server and of the flask command."""

from portal.app import create_app

app = create_app()
