"""The queue: people's work before background work."""

import os

from celery import Celery

from portal.schedule import ROUTES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_default_queue="people",
    task_routes=ROUTES,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "queue_order_strategy": "priority",  # people first, as the worker lists its queues
        "visibility_timeout": 600,
        "health_check_interval": 10,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
    },
    task_publish_retry_policy={
        "max_retries": 3,
        "interval_start": 0,
        "interval_step": 0.2,
        "interval_max": 0.5,
    },
)
app.autodiscover_tasks()
