"""The WSGI application, for any server that speaks it."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from zhengwu.web.common.memory import settled

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengwu.web.settings")
application = get_wsgi_application()
_ = get_resolver().url_patterns  # all views are loaded now: nobody waits for them
settled()
