"""The classic receiver that keeps what it answers: the Django view of django_view.py, and a Celery task before the 202."""

import django_view
from celery_tasks import post_on
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST


@csrf_exempt
@require_POST
def handle_github(request):
    payload = django_view.verified(request)
    if payload is None:
        return django_view.refused()
    post_on.delay(payload)
    return HttpResponse("Webhook received", status=202)


django_view.urlpatterns[:] = [path("hooks/handle_github", handle_github)]
application = django_view.application
