"""Every change of every field, written by the session itself, whoever makes it: who, when, before, after.

A session that changes the directory is signed first (``sign``). Changing the French of a text marks its translations
outdated. Each flush raises the directory's revision, which tells processes that keep it in memory what to read again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import event, func, insert, inspect, select, update
from sqlalchemy.orm import Session

from directory.errors import UnknownVersion, Unsigned
from directory.ledger import Change, State
from directory.models import TRANSLATED, Closure, Organisation, Service, Site, Translation

KINDS: dict[str, type[Any]] = {
    "organisation": Organisation,
    "service": Service,
    "site": Site,
    "closure": Closure,
    "translation": Translation,
}
_KIND_OF = {tracked: kind for kind, tracked in KINDS.items()}
_OURSELVES = frozenset({"version", "revision", "edited_at", "uuid"})
SEED = "seed"


@dataclass(frozen=True)
class Signature:
    by: str
    at: datetime
    how: str = ""

    @property
    def utc(self) -> datetime:
        return self.at.astimezone(UTC).replace(tzinfo=None)


def sign(session: Session, by: str, at: datetime, how: str = "") -> Signature:
    """Whose changes this session makes from now on."""
    session.info["signature"] = Signature(by, at, how)
    return session.info["signature"]  # type: ignore[no-any-return]


def signature(session: Session) -> Signature:
    """Raises Unsigned."""
    signed = session.info.get("signature")
    if signed is None:
        raise Unsigned
    return signed  # type: ignore[no-any-return]


def next_revision(session: Session) -> int:
    """Raised inside the writer's own transaction: a revision is seen together with what it stands for."""
    raised = session.connection().execute(update(State).values(revision=State.revision + 1).returning(State.revision))
    known = raised.scalar()
    if known is None:
        session.connection().execute(insert(State).values(id=1, revision=1))
    return known or 1


def snapshot(record: Any) -> dict[str, Any]:
    columns = inspect(type(record)).columns.keys()
    return {name: plain(getattr(record, name)) for name in columns if name not in _OURSELVES}


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@event.listens_for(Session, "before_flush")
def _record(session: Session, context: Any, instances: Any) -> None:
    _outdate(session.dirty)
    new = [one for one in session.new if type(one) in _KIND_OF]
    gone = [one for one in session.deleted if type(one) in _KIND_OF]
    fields = {one: found for one in session.dirty if type(one) in _KIND_OF and (found := _fields(one))}
    if not (new or gone or fields):
        return
    signed, revision = signature(session), next_revision(session)
    # What appears and goes with its whole (a service with its sites) needs no line of its own in the whole's creation.
    wholes = {_whole(session, one) for one in (*new, *gone, *fields)}
    lines = [_line(session, one, "created", after=snapshot(one)) for one in new]
    lines += [_line(session, one, "deleted", before=snapshot(one)) for one in gone]
    for one, found in fields.items():
        lines += [_line(session, one, "changed", name, before, after) for name, (before, after) in found.items()]
    for whole in wholes:
        _touch(session, whole, signed, revision)
    session.connection().execute(insert(Change), [{**line, "by": signed.by, "how": signed.how} for line in lines])


def _outdate(dirty: Iterable[Any]) -> None:
    for service in [one for one in dirty if isinstance(one, Service)]:
        changed = _fields(service).keys() & set(TRANSLATED)
        for translation in service.translations if changed else ():
            if translation.field in changed:
                translation.state = "outdated"


def _fields(record: Any) -> dict[str, tuple[Any, Any]]:
    """Field: (before, after), of what really changed."""
    found = {}
    state = inspect(record)
    for name in state.mapper.columns.keys():  # noqa: SIM118  (a collection of columns, not a dict)
        if name in _OURSELVES or name == "id":
            continue
        changed = state.attrs[name].history
        if changed.has_changes():
            before = changed.deleted[0] if changed.deleted else None
            if before != changed.added[0]:
                found[name] = (plain(before), plain(changed.added[0]))
    return found


def _whole(session: Session, record: Any) -> Any:
    if isinstance(record, (Service, Organisation)):
        return record
    return record.service or session.get_one(Service, record.service_id)


def _line(
    session: Session, record: Any, action: str, field: str = "", before: Any = None, after: Any = None
) -> dict[str, Any]:
    whole = _whole(session, record)
    known = inspect(whole).persistent
    return {
        "kind": _KIND_OF[type(record)],
        "record_id": record.id,
        "whole_id": whole.id,
        "version": whole.version + 1 if known else 1,
        "action": action,
        "field": field,
        "before": before,
        "after": after,
        "at": signature(session).utc,
    }


def _touch(session: Session, whole: Any, signed: Signature, revision: int) -> None:
    """The new revision makes the whole dirty, and so raises its version, when only a part of it changed."""
    if whole in session.deleted:
        return
    whole.revision = revision
    if signed.by != SEED:
        whole.edited_at = signed.utc
    if isinstance(whole, Organisation) and inspect(whole).persistent:
        of_it = update(Service).where(Service.organisation_id == whole.id).values(revision=revision)
        session.connection().execute(of_it)


def last_change(session: Session) -> tuple[int, datetime | None]:
    """The revision, and when somebody last changed something."""
    return session.scalar(select(State.revision)) or 0, session.scalar(select(func.max(Change.at)))


def changes_of(session: Session, whole_id: str, after_version: int = 0) -> list[Change]:
    """Newest first."""
    found = select(Change).where(Change.whole_id == whole_id, Change.version > after_version)
    return list(session.scalars(found.order_by(Change.id.desc())))


def restore(session: Session, kind: str, whole_id: str, version: int) -> None:
    """Makes a service or organisation what it was at ``version``; that is a new version. Raises UnknownVersion."""
    whole = session.get(KINDS[kind], whole_id)
    if whole is None or not 1 <= version <= whole.version:
        raise UnknownVersion(f"{whole_id}, {version}")
    for change in changes_of(session, whole_id, version):
        _undo(session, change)
    session.flush()


def _undo(session: Session, change: Change) -> None:
    tracked = KINDS[change.kind]
    record = session.get(tracked, change.record_id)
    if change.action == "changed" and record is not None:
        setattr(record, change.field, _typed(tracked, change.field, change.before))
    elif change.action == "created" and record is not None:
        session.delete(record)
        session.flush()
        session.expire_all()
    elif change.action == "deleted" and record is None:
        session.add(tracked(**{name: _typed(tracked, name, value) for name, value in change.before.items()}))
        session.flush()
        session.expire_all()


def _typed(tracked: type[Any], field: str, value: Any) -> Any:
    kind = inspect(tracked).columns[field].type.python_type
    return date.fromisoformat(value) if kind is date and value else value
