"""The Celery application. PostgreSQL's outbox is the queue; what travels here only says that there may be work."""

from __future__ import annotations

import logging
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from celery.signals import setup_logging, worker_process_init, worker_process_shutdown
from kombu.connection import Connection

from samsyn.core.database import SessionFactory, bind, make_engine, refuse_strong_role
from samsyn.core.logs import start_logging
from samsyn.core.settings import load_settings


class PatientConnection(Connection):
    """Looks for Redis every 3 seconds, however long it has been away: kombu's own pause grows to 30."""

    def ensure_connection(self, *args: Any, **options: Any) -> Any:
        """Wait until there is a connection."""
        options = {"interval_start": 0.5, "interval_max": 3, **options}
        return super().ensure_connection(*args, **options)  # type: ignore[no-untyped-call]


class Queue(AMQP):
    """Celery's queue over such connections."""

    Connection = PatientConnection


app = Celery("samsyn", set_as_current=True, amqp=Queue)
app.conf.update(
    task_acks_late=True,  # a hint is done when its work is done, not when it is taken
    task_reject_on_worker_lost=True,  # else a killed child's hint counts as done (celery 1628)
    worker_prefetch_multiplier=1,  # a hint must not wait behind a long task of the same worker
    task_soft_time_limit=20,  # raises in the task, which can then give its rows back
    task_time_limit=25,  # shorter than the lease of 30 s: nobody works on a row whose lease is gone
    task_ignore_result=True,  # results are rows in PostgreSQL
    task_store_errors_even_if_ignored=False,
    task_serializer="json",
    accept_content=["json"],  # never pickle
    task_default_queue="samsyn",
    task_create_missing_queues=False,
    task_publish_retry_policy={"max_retries": 2, "interval_start": 0, "interval_step": 0.2},  # the sweep says it again
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,  # Redis may be away for longer than 100 tries
    # True would kill what runs when Redis goes away, and its rows would wait for their leases to end; that two do not
    # work on one row is the lease's doing, not the hint's.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_soft_shutdown_timeout=20,  # a deploy lets a batch end (kombu 1836)
    worker_enable_soft_shutdown_on_idle=True,
    worker_max_tasks_per_child=1000,  # memory that libraries lose goes with the child
    worker_max_memory_per_child=400_000,  # KiB
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    broker_transport_options={
        "visibility_timeout": 120,  # longer than the time limit, far shorter than the default hour
        "unacked_restore_interval": 2,  # default 10 x 10 = 100 s until a lost hint is seen again
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,  # default none: a half-open link would hang for ever
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "retry_on_timeout": True,
    },
    imports=(
        "samsyn_workers.access",
        "samsyn_workers.calendars",
        "samsyn_workers.calendars_notices",
        "samsyn_workers.dossiers",
        "samsyn_workers.imports",
        "samsyn_workers.lifecycle",
        "samsyn_workers.places",
        "samsyn_workers.planning",
        "samsyn_workers.pledges",
        "samsyn_workers.reviews",
        "samsyn_workers.retention",
        "samsyn_workers.tidying",
    ),
    # Mail that comes in has no cause in the database to write an outbox row for: it is looked for.
    beat_schedule={
        "receive": {"task": "samsyn.calendars.receive_mail", "schedule": 3.0, "options": {"expires": 3}},
    },
    timezone="UTC",
)


@setup_logging.connect
def _log(**_: Any) -> None:
    start_logging(load_settings().log_level)
    logging.getLogger("celery").setLevel(logging.WARNING)  # a line per hint would drown everything else


def configure() -> None:
    """Point the application at the broker of the settings."""
    app.conf.update(broker_url=load_settings().redis_url)


@worker_process_init.connect
def _after_fork(**_: Any) -> None:
    """A connection must not be shared over a fork."""
    settings = load_settings()
    engine = make_engine(settings.database_url, pool_size=2, prepares=settings.database_prepares)
    refuse_strong_role(engine)
    bind(engine)


@worker_process_shutdown.connect
def _before_end(**_: Any) -> None:
    engine = SessionFactory.kw.get("bind")
    if engine is not None:
        engine.dispose()
