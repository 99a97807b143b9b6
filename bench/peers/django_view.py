"""The classic receiver: a Django view that checks the signature, reads the JSON and answers. It keeps nothing."""

import hashlib
import hmac
import json
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, HttpResponseForbidden
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

SECRET = os.environ["GITHUB_WEBHOOK_SECRET"].encode()

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="not used: there are no sessions",
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
)


def verified(request):
    """The payload, or None when it is not signed."""
    expected = "sha256=" + hmac.new(SECRET, request.body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, request.headers.get("X-Hub-Signature-256", "")):
        return None
    return json.loads(request.body)


def refused():
    return HttpResponseForbidden("Invalid signature header")


@csrf_exempt
@require_POST
def handle_github(request):
    payload = verified(request)
    if payload is None:
        return refused()
    if request.headers.get("X-GitHub-Event") == "push":
        payload["repository"]["full_name"]
    return HttpResponse("Webhook received", status=202)


urlpatterns = [path("hooks/handle_github", handle_github)]
application = get_wsgi_application()
