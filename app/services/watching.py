"""What the background keeps an eye on: each source says which alerts should be open, and they are made so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.security.permissions import Permission
from app.services import alerts, backup_places, equipment_alerts, handovers, job_runs, permits
from app.services.alerts import Settlement, Wanted
from app.services.use_case import use_case
from db.work import Work


@dataclass(frozen=True, slots=True)
class Source:
    """The kinds of alert of a source, what they are computed from, and which should be open now."""

    kinds: frozenset[str]
    reads: frozenset[str]
    wanted: Callable[[Work], list[Wanted]]


SOURCES: Mapping[str, Source] = {
    "maintenance": Source(
        frozenset({equipment_alerts.MAINTENANCE}), equipment_alerts.READS, equipment_alerts.maintenance_wanted
    ),
    "certificates": Source(equipment_alerts.CERTIFICATES, equipment_alerts.READS, equipment_alerts.certificates_wanted),
    "backups": Source(
        frozenset({backup_places.MISSING, backup_places.TOO_OLD}), frozenset({"setting"}), backup_places.backups_wanted
    ),
    "permits": Source(permits.KINDS, permits.READS, permits.wanted),
    "handovers": Source(handovers.ALERTS, handovers.READS, handovers.alerts_wanted),
    "jobs": Source(frozenset({job_runs.FAILED}), frozenset(), job_runs.failed_wanted),
}


def _settlement(work: Work, source: str) -> Settlement:
    found = SOURCES[source]
    return alerts.settlement(work, found.kinds, found.wanted(work), reads=found.reads)


@use_case(Permission.RUN_JOBS)
def look(work: Work, source: str) -> Settlement:
    """Which alerts of a source differ from what is open; writes nothing."""
    return _settlement(work, source)


@use_case(Permission.RUN_JOBS, audit="alerts.settled", touches=frozenset({"alert"}))
def keep(work: Work, source: str, *, plan: Settlement | None = None) -> Settlement:
    """Raise, update and close the alerts of a source; what moved on since `plan` is looked at again here."""
    found = plan if plan is not None and alerts.fresh(work, plan, SOURCES[source].reads) else _settlement(work, source)
    alerts.settle(work, found)
    detail = {"source": source, "raised": len(found.raised), "changed": len(found.changed), "closed": len(found.closed)}
    work.audit("alerts.settled", "alert", None, detail=detail)
    return found
