"""Settings of gunicorn for the pages: `gunicorn -c python:superbill.app.web.gunicorn`. Options on its line override."""

import os

wsgi_app = "superbill.app.web.wsgi"
bind = os.environ.get("SUPERBILL_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 8
preload_app = True  # migrates once, before the workers start
timeout = 60
graceful_timeout = 30
accesslog = None  # the audit trail tells who read what; addresses stay out of logs
# Without SUPERBILL_PROXY nobody's word about the client or about TLS is believed.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1") if "SUPERBILL_PROXY" in os.environ else ""
