"""The clock's process: it only asks, so it loads neither Django nor a task, and stays small."""

from celery import Celery

from portal.schedule import ROUTES, SCHEDULE

app = Celery("beat", fixups=[])
app.config_from_object("portal.settings", namespace="CELERY")
app.conf.update(
    beat_schedule=SCHEDULE, task_routes=ROUTES, task_default_queue="people", worker_hijack_root_logger=False
)
