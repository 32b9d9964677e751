"""The application for a server such as gunicorn: `gunicorn -c python:superbill.app.web.gunicorn`.

SUPERBILL_DB names the database, SUPERBILL_SECRET_KEY_FILE the file with the key that signs sessions.
"""

import os

from django.core.exceptions import ImproperlyConfigured

from superbill.app.boot import connect, disconnect
from superbill.app.web.server import application_of, warm, warm_books

connect(os.environ["SUPERBILL_DB"])
if not (os.environ.get("SUPERBILL_SECRET_KEY_FILE") or os.environ.get("SUPERBILL_SECRET_KEY")):
    raise ImproperlyConfigured("SUPERBILL_SECRET_KEY_FILE: name a file that holds a secret of 50 letters or more.")
warm()
warm_books()  # before the workers start: they share what was read
disconnect()  # each worker opens its own
application = application_of()
