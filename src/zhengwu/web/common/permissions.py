"""Who may do what: one table, read by pages, API and services alike."""

from django.db.models import Q, QuerySet

from zhengwu.model.message import RefusedError
from zhengwu.web.common.models import Unit, User

# Everything; what belongs to the person's unit and those below it; what belongs to that unit itself.
ALL, OWN, SELF = "all", "own", "self"
_O, _H, _R, _A, _X = (str(role) for role in ("officer", "head", "reviewer", "auditor", "administrator"))

TABLE: dict[str, dict[str, str]] = {
    "document.view": {_O: OWN, _H: OWN, _R: ALL, _A: ALL, _X: ALL},
    "document.upload": {_O: OWN, _H: OWN, _R: ALL},
    "document.confirm": {_O: OWN, _R: ALL},
    "document.assign": {_R: ALL},
    "document.return": {_R: ALL},
    "document.close": {_R: ALL},
    "document.publish": {_H: OWN, _R: ALL},
    "finding.decide": {_R: ALL},
    "finding.comment": {_O: OWN, _H: OWN, _R: ALL},
    "board.view": {_R: ALL, _A: ALL, _X: ALL},
    "budget.view": {_O: OWN, _H: OWN, _R: ALL, _A: ALL, _X: ALL},
    "budget.edit": {_O: SELF},
    "budget.hand-in": {_O: SELF},
    "budget.sign": {_H: OWN},
    "budget.delegate": {_H: OWN},
    "budget.remark": {_O: OWN, _H: OWN, _R: ALL},
    "budget.open-year": {_R: ALL},
    "budget.control": {_R: ALL},
    "budget.return": {_R: ALL},
    "budget.approve": {_R: ALL},
    "budget.publish": {_H: OWN},
    "budget.export": {_R: ALL},
    "budget.merge": {_R: ALL},
    "project.rank": {_H: OWN},
    "people.manage": {_X: ALL},
    "trail.view": {_A: ALL, _X: ALL},
}


def may(actor: object, action: str, unit: Unit | None = None) -> bool:
    """Whether a person may do this to something of ``unit`` (None: of no unit, or in general)."""
    if not isinstance(actor, User) or not actor.is_active:
        return False
    scope = TABLE[action].get(actor.role)
    if scope == ALL or scope is None:
        return scope == ALL
    if unit is None:
        return actor.unit is not None
    if scope == SELF:
        return actor.unit_id == unit.pk
    return actor.unit is not None and unit.path.startswith(actor.unit.path)


def require(actor: object, action: str, unit: Unit | None = None) -> User:
    """The actor, who may do it. Raises RefusedError "not-allowed" for anybody else."""
    if isinstance(actor, User) and may(actor, action, unit):
        return actor
    raise RefusedError(
        "not-allowed",
        "您没有权限进行此操作；如有需要，请联系管理员。",
        "You are not allowed to do this; ask an administrator if you should be.",
    )


def visible(queryset: QuerySet, actor: User, action: str = "document.view", unit: str = "unit") -> QuerySet:  # type: ignore[type-arg]
    """What of a queryset the actor may see; ``unit`` is the lookup of its unit."""
    scope = TABLE[action].get(actor.role)
    if scope == ALL:
        return queryset
    if scope == SELF and actor.unit is not None:
        return queryset.filter(**{unit: actor.unit})
    if scope == OWN and actor.unit is not None:
        return queryset.filter(Q(**{f"{unit}__path__startswith": actor.unit.path}))
    return queryset.none()
