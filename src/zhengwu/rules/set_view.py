"""A document together with others: which of them belong together, and how.

The relation of two documents is found from their unit, year and kind, never from the names of their files.
"""

from functools import cached_property
from typing import NamedTuple

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.fact import Fact
from zhengwu.model.message import Message
from zhengwu.rules.set_names import Listing, listing_of, publisher_of, same_unit
from zhengwu.rules.units import in_agreed_units
from zhengwu.rules.view import View


class Member(NamedTuple):
    """One document of a set: whose it is, of which year and kind, and its facts."""

    number: int  # 0 is the audited document
    unit: str  # "" when not found
    level: str  # department | unit | "" where the document does not tell
    superior: str  # the department it says it belongs to
    view: View

    @property
    def year(self) -> int | None:
        """The fiscal year."""
        return self.view.disclosure.year

    @property
    def kind(self) -> str:
        """budget or final."""
        return self.view.disclosure.kind

    @property
    def name(self) -> str:
        """The name of the file, for messages."""
        return self.view.disclosure.source.name


class Department(NamedTuple):
    """A department's document with those of its units."""

    whole: Member
    units: tuple[Member, ...]
    complete: bool  # all of its units are here, so that their sum is the department
    missing: tuple[str, ...]  # units it lists that are not here


class SetView(View):
    """A view of the audited document that knows the documents given with it. Alone it is a plain view."""

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """The audited document and those given with it."""
        others = [
            View(_tagged(in_agreed_units(other)[0], index)) for index, other in enumerate(self.disclosure.others, 1)
        ]
        return tuple(Member(index, *publisher_of(view.disclosure), view) for index, view in enumerate([self, *others]))

    @cached_property
    def department(self) -> Department | None:
        """The department and units that the audited document is part of."""
        own = self.members[0]
        for whole in self.members:
            found = self._department(whole)
            if found is not None and (whole is own or any(unit is own for unit in found.units)):
                return found
        return None

    def _department(self, whole: Member) -> Department | None:
        if whole.level == "unit" or not whole.unit:
            return None
        listing = listing_of(whole.view.disclosure)
        units: list[Member] = []
        listed: set[int] = set()
        for member in self.members:
            if member is whole or (member.year, member.kind) != (whole.year, whole.kind) or not member.unit:
                continue
            if any(same_unit(unit.unit, member.unit) for unit in units):
                continue
            entry = _entry(listing, whole, member)
            if entry is not None:
                listed.add(entry)
                units.append(member)
            elif _is_own_unit(whole, member) or (member.superior and same_unit(member.superior, whole.unit)):
                units.append(member)
        if not units:
            return None
        missing = [name for index, name in enumerate(listing.units) if index not in listed]
        besides = len(units) - len(listed)
        if listing.units and not any(same_unit(name, whole.unit) for name in listing.units):
            # A list of 二级预算单位 leaves out the department's own office, which is in its sum.
            if any(_is_own_unit(whole, unit) for unit in units):
                besides -= 1
            else:
                missing.append(f"{whole.unit}本级")
        complete = listing.complete and not missing and not besides
        return Department(whole, tuple(units), complete, tuple(missing))

    @cached_property
    def years(self) -> tuple[tuple[Member, Member], ...]:
        """(newer, older): the audited document and one of the same unit and kind of the year before or after."""
        own = self.members[0]
        return tuple(
            (own, member) if (own.year or 0) > (member.year or 0) else (member, own)
            for member in self.members[1:]
            if self._comparable(own, member)
            and member.kind == own.kind
            and own.year
            and member.year
            and abs(own.year - member.year) == 1
        )

    @cached_property
    def budgets(self) -> tuple[tuple[Member, Member], ...]:
        """(budget, final accounts) of one unit and year, one of them the audited document."""
        own = self.members[0]
        return tuple(
            (own, member) if own.kind == "budget" else (member, own)
            for member in self.members[1:]
            if self._comparable(own, member)
            and own.year == member.year
            and own.year
            and {member.kind, own.kind} == {"budget", "final"}
        )

    @staticmethod
    def _comparable(one: Member, other: Member) -> bool:
        """Whether both are of one unit, and not the one of the department and the other of its own office."""
        same_level = not one.level or not other.level or one.level == other.level
        return bool(one.unit and other.unit) and same_unit(one.unit, other.unit) and same_level

    @cached_property
    def unrelated(self) -> tuple[tuple[Member, Message], ...]:
        """The documents that nothing could be compared with, each with the reason."""
        related = {member.number for pair in (*self.years, *self.budgets) for member in pair}
        if self.department is not None:
            related |= {self.department.whole.number, *(unit.number for unit in self.department.units)}
        return tuple(
            (member, _why_not(self.members[0], member)) for member in self.members[1:] if member.number not in related
        )


def _entry(listing: Listing, whole: Member, member: Member) -> int | None:
    """Which of the department's listed units a document is of."""
    for index, name in enumerate(listing.units):
        if same_unit(name, whole.unit):
            if _is_own_unit(whole, member):
                return index
        elif same_unit(name, member.unit):
            return index
    return None


def _is_own_unit(whole: Member, member: Member) -> bool:
    """Whether it is the department's own office as a unit (本级, 本部)."""
    return member.level == "unit" and whole.level == "department" and same_unit(whole.unit, member.unit)


def _tagged(disclosure: Disclosure, index: int) -> Disclosure:
    """Another document's facts, told apart from the audited document's. Only facts and claims are used."""
    facts = {id(fact): fact._replace(document=index) for fact in disclosure.facts}

    def new(fact: Fact | None) -> Fact | None:
        return None if fact is None else facts.get(id(fact)) or fact._replace(document=index)

    claims = tuple(
        claim._replace(this=new(claim.this), other=new(claim.other), stated=new(claim.stated), amount=new(claim.amount))
        for claim in disclosure.claims
    )
    return disclosure._replace(
        facts=tuple(facts[id(fact)] for fact in disclosure.facts),
        claims=claims, parts=(), lines=(), forms=(), enumerations=(),
    )  # fmt: skip


def _why_not(own: Member, other: Member) -> Message:
    """Why two documents have nothing to do with each other, as far as can be told."""
    name = f"《{other.name}》"
    for member in (other, own):
        for missing, zh, en in (
            (not member.unit, "单位名称", "unit"),
            (not member.year, "年度", "year"),
            (not member.kind, "种类（预算或决算）", "kind (budget or final accounts)"),
        ):
            if missing:
                return Message(
                    f"{name}未与本文件核对：没有读到《{member.name}》的{zh}。",
                    f"{other.name} was not compared with this document: the {en} of {member.name} was not found.",
                )
    if not same_unit(own.unit, other.unit):
        return Message(
            f"{name}未与本文件核对：它是“{other.unit}”的，本文件是“{own.unit}”的，也没有看到一个是另一个的预算单位。",
            f"{other.name} was not compared with this document: it is of {other.unit}, this one is of {own.unit}, "
            "and neither is listed as a unit of the other.",
        )
    if (own.year, own.kind, own.level) == (other.year, other.kind, other.level):
        return Message(
            f"{name}未与本文件核对：单位、年度和种类都相同，是同一份公开文件或它的另一个版本。",
            f"{other.name} was not compared with this document: unit, year and kind are the same; "
            "it is this document or another version of it.",
        )
    return Message(
        f"{name}未与本文件核对：它是{_said(other).zh}，与本文件（{_said(own).zh}）没有可核对的关系。",
        f"{other.name} was not compared with this document: nothing relates {_said(other).en} "
        f"to this one, {_said(own).en}.",
    )


def _said(member: Member) -> Message:
    level = {"department": ("部门", "department"), "unit": ("单位", "unit")}.get(member.level, ("", "unit"))
    kind = ("决算", "final accounts") if member.kind == "final" else ("预算", "budget")
    return Message(f"{member.year} 年{level[0]}{kind[0]}", f"the {kind[1]} of {member.year} of a {level[1]}")
