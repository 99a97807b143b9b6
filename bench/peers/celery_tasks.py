"""The task that celery_view.py queues: posts a payload on, over a connection that is kept."""

import os

import requests
from celery import Celery

application = Celery("deliveries", broker=f"redis://127.0.0.1:{os.environ['REDIS_PORT']}/0")
# As the documentation says for tasks that must not be lost; results are nobody's.
application.conf.update(task_acks_late=True, task_ignore_result=True)
session = requests.Session()


@application.task
def post_on(payload):
    session.post(os.environ["RECEIVER"], json=payload, timeout=10).raise_for_status()
