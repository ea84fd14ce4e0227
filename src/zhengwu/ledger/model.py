"""A ledger's rows, typed: one class a sheet, its fields the columns of ``schema.py`` in their order.

Amounts are integers of 分. A choice is its key. What is left empty is "" (text) or None (numbers). ``row`` is
where it stands in its sheet, 1-based with the header as row 1, for messages; 0 where it comes from nowhere.
"""

from decimal import Decimal
from typing import NamedTuple


class Budget(NamedTuple):
    """The document itself: one row."""

    year: int
    code: str
    name: str
    scope: str  # department | unit
    dialect: str
    control: int | None = None  # 控制数: what total expenditure may not exceed
    asset_date: str = ""
    row: int = 0


class Unit(NamedTuple):
    """A budget unit of the department."""

    code: str
    name: str
    kind: str  # agency | institution
    posts_administrative: int | None = None
    posts_institution: int | None = None
    posts_workers: int | None = None
    staff: int | None = None
    retired_early: int | None = None  # 离休
    retired: int | None = None  # 退休
    temporary: int | None = None
    row: int = 0


class Duty(NamedTuple):
    """One duty, in its own sentence."""

    text: str
    row: int = 0


class Division(NamedTuple):
    """A division of the department and what it does."""

    name: str
    duties: str
    row: int = 0


class Income(NamedTuple):
    """Income of one source: this year's, last year's, and what of this year's is carried to the next."""

    fund: str
    amount: int
    last: int | None = None
    carry_out: int | None = None
    row: int = 0


class Line(NamedTuple):
    """A line of expenditure: all its codes and its amount."""

    unit: str
    function: str
    government: str
    departmental: str
    nature: str  # basic | project | remit | business | subsidy
    project: str
    fund: str
    amount: int
    row: int = 0


class LastYear(NamedTuple):
    """A figure of last year's budget."""

    subject: str  # a key of schema.LAST_YEAR
    amount: int
    row: int = 0


class ThreePublic(NamedTuple):
    """One of the three public expenses: last year's amount; this year's follows from the lines."""

    item: str  # abroad | reception | car_purchase | car_operation
    last: int
    number_last: int | None = None  # of cars
    number: int | None = None
    reason: str = ""
    row: int = 0


class Procurement(NamedTuple):
    """What of a project is bought by public procurement."""

    project: str
    category: str  # goods | works | services
    amount: int
    small: int | None = None  # kept for small and medium enterprises
    row: int = 0


class Catalogue(NamedTuple):
    """An entry of the catalogue of purchased services, at any level (A, A23, A2315)."""

    code: str
    name: str
    row: int = 0


class Purchased(NamedTuple):
    """A project that buys a service of the catalogue, with its number in the list."""

    number: str
    catalogue: str
    project: str
    row: int = 0


class Transfer(NamedTuple):
    """A project paid from a special transfer, and the document that assigns it."""

    project: str
    document: str
    row: int = 0


class Asset(NamedTuple):
    """State assets held, and to be bought this year."""

    item: str  # a key of schema.ASSETS
    number: int | None = None
    value: int | None = None
    planned_number: int | None = None
    planned_value: int | None = None
    row: int = 0


class Project(NamedTuple):
    """A project: what it is for, who answers for it, whether it has targets."""

    name: str
    targets: bool
    division: str = ""
    attribute: str = ""
    period: str = ""
    overview: str = ""
    basis: str = ""
    implementation: str = ""
    row: int = 0


class DepartmentTarget(NamedTuple):
    """A goal of the department as a whole, or one of its indicators."""

    kind: str  # goal | indicator
    name: str
    content: str
    row: int = 0


class Target(NamedTuple):
    """A project's target form without its indicators; its annual money follows from the lines."""

    project: str
    midterm_from: int | None = None
    midterm_to: int | None = None
    midterm_fiscal: int | None = None
    midterm_other: int | None = None
    midterm_goal: str = ""
    annual_goal: str = ""
    row: int = 0


class Indicator(NamedTuple):
    """An indicator of a project: its place in the three levels, its name, its value as printed."""

    project: str
    period: str  # annual | midterm
    kind: str  # a key of schema.INDICATORS
    name: str
    value: str
    row: int = 0


class Reason(NamedTuple):
    """Why a figure differs from last year's."""

    subject: str  # a key of schema.REASONS
    text: str
    row: int = 0


class Evaluation(NamedTuple):
    """A project's performance evaluation."""

    year: int
    project: str
    score: Decimal
    row: int = 0


class Purpose(NamedTuple):
    """What the money under a functional code is mainly used for."""

    function: str
    text: str
    row: int = 0


class ExtraCode(NamedTuple):
    """A code that the built-in classifications do not have, with its official name."""

    classification: str  # function | government | departmental
    code: str
    name: str
    row: int = 0


class Ledger(NamedTuple):
    """All sheets. ``source`` names the file for messages."""

    source: str
    budget: Budget
    units: tuple[Unit, ...] = ()
    duties: tuple[Duty, ...] = ()
    divisions: tuple[Division, ...] = ()
    income: tuple[Income, ...] = ()
    lines: tuple[Line, ...] = ()
    last_year: tuple[LastYear, ...] = ()
    three_public: tuple[ThreePublic, ...] = ()
    procurement: tuple[Procurement, ...] = ()
    catalogue: tuple[Catalogue, ...] = ()
    purchased: tuple[Purchased, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    assets: tuple[Asset, ...] = ()
    projects: tuple[Project, ...] = ()
    department_targets: tuple[DepartmentTarget, ...] = ()
    targets: tuple[Target, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    reasons: tuple[Reason, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    codes: tuple[ExtraCode, ...] = ()
