"""The jobs that every serving process has."""

from datetime import timedelta

from policies.actor import utc_now
from procedures import checkpoint as checkpoints
from procedures import (
    client_key,
    clock,
    difference,
    erasure,
    export,
    front_desk,
    instruction,
    lookup,
    lost,
    passwords,
    retention,
    scan,
    staff,
)
from procedures.audit import daily
from procedures.consent import contradiction
from procedures.consent import expiry as consent_expiry
from procedures.evidence import verification
from procedures.export import Reader
from procedures.intake import expiry as intake_expiry
from procedures.keys import rotation
from procedures.leaving import disclosure, legal_hold, withdrawal
from procedures.message import delivery
from procedures.own import dictated
from procedures.request import due
from procedures.worker import Job


def jobs(read: Reader, *, checkpoint: timedelta = timedelta(minutes=1)) -> tuple[Job, ...]:
    """The jobs of a serving process, each with its interval; add a line for another one.

    Args:
        read: reads everything of a customer for an archive, on behalf of the actor it is called with.
        checkpoint: how long to wait after a checkpoint before the next.
    """
    return (
        # Each process counts the time that it runs itself.
        Job("clock", timedelta(minutes=1), clock.look, shared=True),
        Job("checkpoint", checkpoint, checkpoints.keep, at_end=True),
        Job("erasure", timedelta(minutes=10), erasure.finish),
        Job("consent", timedelta(hours=1), consent_expiry.expire),
        Job("withdrawal", timedelta(minutes=10), withdrawal.finish),
        Job("legal hold", timedelta(hours=1), legal_hold.expire),
        Job("disclosures", timedelta(hours=1), disclosure.keep),
        Job("exports", timedelta(minutes=10), export.expire),
        Job("intakes", timedelta(minutes=10), intake_expiry.expire),
        Job("dictations", timedelta(hours=1), dictated.lapse),
        Job("client keys", timedelta(hours=1), client_key.expire),
        # Each message and each archive has a lock of its own, so that several processes share the work.
        Job(
            "messages",
            timedelta(minutes=1),
            lambda: delivery.deliver(clock=clock.steady(utc_now)),
            shared=True,
        ),
        Job(
            "archives",
            timedelta(minutes=1),
            lambda: export.finish(read, clock=clock.steady(utc_now)),
            shared=True,
        ),
        # What was asked for is in the memory of each process.
        Job(
            passwords.JOB,
            timedelta(minutes=1),
            lambda: passwords.requested.work_off(clock=clock.steady(utc_now)),
            shared=True,
        ),
        Job("verification", timedelta(hours=6), verification.reopen),
        Job("differences", timedelta(minutes=1), difference.tell),
        Job(lookup.JOB, timedelta(minutes=10), lookup.tell),
        Job(front_desk.JOB, timedelta(minutes=10), front_desk.tell),
        Job(staff.JOB, timedelta(minutes=10), staff.tell),
        Job(lost.JOB, timedelta(hours=1), lost.tell),
        Job("retention", timedelta(days=1), retention.expire),
        Job("contradictions", timedelta(minutes=10), contradiction.tell),
        Job("scans", timedelta(hours=1), scan.expire),
        Job("instructions", timedelta(hours=1), instruction.due.keep),
        Job(
            "deliveries", timedelta(minutes=1), lambda: instruction.delivery.send(clock=clock.steady(utc_now))
        ),
        Job("requests", timedelta(hours=1), due.keep),
        Job("rotation", timedelta(minutes=10), rotation.keep),
        # It reads everything, which a start need not wait for, nor one that ends again at once.
        Job("audit", timedelta(days=1), daily.keep, after=timedelta(minutes=10)),
    )
