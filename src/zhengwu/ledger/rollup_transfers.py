"""Money that passes between units of one department: paired exactly, taken out on both sides.

Two kinds: 对附属单位补助支出 (nature subsidy) is received as 上级补助收入 (source superior); 上缴上级支出 (nature remit) as
附属单位上缴收入 (source affiliated). A ledger does not say to whom its money goes, so pairs are found, in this order:

named    the line's project text holds the name or the code of a unit, which received at least as much as all lines
         that name it together (if it received less, none of them is taken out: which one is wrong cannot be told);
amount   a line, or else all of a payer's lines together, are exactly what one other unit received;
whole    all lines left and all that is left as received are the same sum, and no unit both pays and receives.

What pairs in none of these ways stays in the department's budget and is reported. Once money is taken out, what the
receiver spends of it is paid from what the payer paid it from: its lines are given that source, in their order, and
what it carries out after them. So every source that balanced in the units' ledgers balances in the department's.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from zhengwu.ledger.model import Ledger, Line
from zhengwu.ledger.schema import FUNDS, NATURES
from zhengwu.ledger.values import yuan
from zhengwu.model.message import Message

KINDS = {"remit": "affiliated", "subsidy": "superior"}  # nature of what is paid: source as which it is received
_WORD = re.compile(r"[0-9A-Za-z]+(?:[._/-][0-9A-Za-z]+)*")
_NATURES = {one.key: one for one in NATURES}
_FUNDS = {one.key: one for one in FUNDS}


class Transfer(NamedTuple):
    """Money that one unit pays to another, taken out on both sides. ``payer`` and ``receiver`` are the codes of their
    ledgers' budgets, ``rows`` the payer's lines, ``rule`` how it was paired: named, amount or whole."""

    kind: str  # subsidy | remit
    payer: str
    receiver: str
    amount: int
    rows: tuple[int, ...]
    rule: str

    @property
    def message(self) -> Message:
        """One sentence that says what was taken out."""
        paid, received = _NATURES[self.kind], _FUNDS[KINDS[self.kind]]
        return Message(
            f"{self.payer} 的{paid.zh} {yuan(self.amount)} 元与 {self.receiver} 的{received.zh}抵销。",
            f"{yuan(self.amount)} yuan {paid.en} by {self.payer} and {self.receiver}'s {received.en} are taken out",
        )


class Unpaired(NamedTuple):
    """Money of a kind of transfer whose other side was not found; it stays in the department's budget. ``side`` is
    paid or received; ``rows`` are those of its ledger; ``named`` is the unit that the line names, or ""."""

    kind: str
    side: str
    unit: str
    amount: int
    rows: tuple[int, ...]
    named: str = ""

    @property
    def message(self) -> Message:
        """One sentence that says what was found and what to do."""
        paid, received = _NATURES[self.kind], _FUNDS[KINDS[self.kind]]
        what = paid if self.side == "paid" else received
        other = received if self.side == "paid" else paid
        zh_named = f"，写明收款单位为 {self.named}" if self.named else ""
        en_named = f", naming {self.named}" if self.named else ""
        return Message(
            f"{self.unit} 的{what.zh} {yuan(self.amount)} 元{zh_named}，在部门内没有相等的{other.zh}，未抵销；属部门内部的请核对双方金额，或在项目名称写明收款单位。",
            f"{yuan(self.amount)} yuan {what.en} at {self.unit}{en_named} has no equal {other.en} within the department and was not taken out; if it is internal, check both amounts or name the receiver in the project text",
        )


class Piece:
    """A line, or a part of one, on its way into the department's ledger."""

    __slots__ = ("done", "line", "moved", "transfer")

    def __init__(self, line: Line, transfer: int | None = None, moved: bool = False) -> None:
        self.line = line
        self.transfer = transfer  # the number of the transfer that takes it out
        self.moved = moved  # whether its source was changed
        self.done = False


class Party:
    """One ledger: its pieces of expenditure, and by source what it receives and carries out."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.code = ledger.budget.code
        self.pieces = [Piece(line) for line in ledger.lines]
        self.received: dict[str, int] = {}
        self.carried: dict[str, int] = {}
        for row in ledger.income:
            self.received[row.fund] = self.received.get(row.fund, 0) + row.amount
            self.carried[row.fund] = self.carried.get(row.fund, 0) + (row.carry_out or 0)
        self.codes = {ledger.budget.code, *(unit.code for unit in ledger.units)} - {""}
        self.names = {ledger.budget.name, *(unit.name for unit in ledger.units)} - {""}

    def named_in(self, text: str, words: frozenset[str]) -> int:
        """The length of the longest of the party's names and codes that stand in ``text``, whose words of digits and
        letters are ``words`` (a code counts as a whole word only); 0 for none."""
        return max(
            (len(one) for one in (*(self.codes & words), *(name for name in self.names if name in text))), default=0
        )


def take_out(parties: Sequence[Party]) -> tuple[list[Transfer], list[Unpaired], list[Unpaired]]:
    """Pair and take out what passes between ``parties``, whose pieces and sources are changed.

    Returns the transfers, what did not pair, and of each receiver what of the money taken out it neither spends nor
    carries out (its ledger does not balance).
    """
    transfers: list[Transfer] = []
    unpaired: list[Unpaired] = []
    for kind in KINDS:
        _Pairing(kind, parties, transfers, unpaired).run()
    short = [one for number in _payers_first(transfers) if (one := _pass_on(transfers, number, parties))]
    return transfers, unpaired, short


class _Pairing:
    """Pairs one kind of transfer; the numbers of transfers are their places in ``transfers``."""

    def __init__(self, kind: str, parties: Sequence[Party], transfers: list[Transfer], unpaired: list[Unpaired]) -> None:  # fmt: skip
        self._kind = kind
        self._fund = KINDS[kind]
        self._parties = parties
        self._transfers = transfers
        self._unpaired = unpaired
        self._left = [party.received.get(self._fund, 0) for party in parties]

    def run(self) -> None:
        waiting: list[tuple[int, Piece]] = []
        naming: dict[int, list[tuple[int, Piece]]] = {}
        for n, party in enumerate(self._parties):
            for piece in party.pieces:
                if piece.line.nature == self._kind and piece.line.amount:
                    named = self._named(n, piece.line.project)
                    (waiting if named is None else naming.setdefault(named, [])).append((n, piece))
        for receiver, found in naming.items():
            fits = self._left[receiver] >= sum(piece.line.amount for _, piece in found)
            for n, piece in found:
                if fits:
                    self._pair(n, receiver, [piece], "named")
                else:
                    codes = self._parties[n].code, self._parties[receiver].code
                    self._unpaired.append(Unpaired(self._kind, "paid", codes[0], piece.line.amount, (piece.line.row,), codes[1]))  # fmt: skip
        waiting = self._whole(self._by_payer(self._by_line(waiting)))
        for n, piece in waiting:
            self._unpaired.append(Unpaired(self._kind, "paid", self._parties[n].code, piece.line.amount, (piece.line.row,)))  # fmt: skip
        for n, party in enumerate(self._parties):
            if self._left[n]:
                rows = tuple(row.row for row in party.ledger.income if row.fund == self._fund)
                self._unpaired.append(Unpaired(self._kind, "received", party.code, self._left[n], rows))

    def _named(self, payer: int, text: str) -> int | None:
        """The other party that a text names; of several names the longest counts."""
        words = frozenset(_WORD.findall(text))
        found = [(party.named_in(text, words), -n) for n, party in enumerate(self._parties)]
        length, number = max(found, default=(0, 0))
        return -number if length and -number != payer else None

    def _by_line(self, waiting: list[tuple[int, Piece]]) -> list[tuple[int, Piece]]:
        left = []
        for n, piece in waiting:
            receiver = self._receiver_of(piece.line.amount, n)
            if receiver is None:
                left.append((n, piece))
            else:
                self._pair(n, receiver, [piece], "amount")
        return left

    def _by_payer(self, waiting: list[tuple[int, Piece]]) -> list[tuple[int, Piece]]:
        left = []
        for n in dict.fromkeys(n for n, _ in waiting):
            pieces = [piece for payer, piece in waiting if payer == n]
            receiver = self._receiver_of(sum(piece.line.amount for piece in pieces), n)
            if receiver is None:
                left += [(n, piece) for piece in pieces]
            else:
                self._pair(n, receiver, pieces, "amount")
        return left

    def _receiver_of(self, amount: int, payer: int) -> int | None:
        return next((n for n, left in enumerate(self._left) if left == amount and n != payer), None)

    def _whole(self, waiting: list[tuple[int, Piece]]) -> list[tuple[int, Piece]]:
        """Pair all that is left where both sides are one sum, cutting lines where a receiver's share ends."""
        payers = {n for n, _ in waiting}
        receivers = [n for n, left in enumerate(self._left) if left]
        if not waiting or payers & set(receivers) or sum(piece.line.amount for _, piece in waiting) != sum(self._left):
            return waiting
        for payer, piece in waiting:
            rest: Piece | None = piece
            while rest is not None:
                receiver = next(n for n in receivers if self._left[n])
                first, rest = _cut(self._parties[payer], rest, self._left[receiver])
                self._pair(payer, receiver, [first], "whole")
        return []

    def _pair(self, payer: int, receiver: int, pieces: list[Piece], rule: str) -> None:
        amount = sum(piece.line.amount for piece in pieces)
        self._left[receiver] -= amount
        self._parties[receiver].received[self._fund] -= amount
        for piece in pieces:
            piece.transfer = len(self._transfers)
        rows = tuple(piece.line.row for piece in pieces)
        codes = self._parties[payer].code, self._parties[receiver].code
        self._transfers.append(Transfer(self._kind, *codes, amount, rows, rule))


def _cut(party: Party, piece: Piece, amount: int) -> tuple[Piece, Piece | None]:
    """The first ``amount`` of a piece, and the rest as a piece behind it (None where there is none)."""
    if piece.line.amount <= amount:
        return piece, None
    rest = Piece(piece.line._replace(amount=piece.line.amount - amount), piece.transfer, piece.moved)
    piece.line = piece.line._replace(amount=amount)
    party.pieces.insert(party.pieces.index(piece) + 1, rest)
    return piece, rest


def _payers_first(transfers: Sequence[Transfer]) -> Iterator[int]:
    """Transfers in an order in which what a payer received was passed on before what it pays; in a ring, the first."""
    left = dict(enumerate(transfers))
    while left:
        waiting = {one.receiver for one in left.values()}
        number = next((n for n, one in left.items() if one.payer not in waiting), next(iter(left)))
        del left[number]
        yield number


def _pass_on(transfers: Sequence[Transfer], number: int, parties: Sequence[Party]) -> Unpaired | None:
    """Give what the receiver spends of a transfer the source that it was paid from."""
    one = transfers[number]
    source = KINDS[one.kind]
    payer, receiver = (next(party for party in parties if party.code == code) for code in (one.payer, one.receiver))
    short = 0
    for piece in payer.pieces:
        if piece.transfer == number:
            piece.done = True
            if piece.line.fund != source:
                short += _resource(receiver, source, piece.line.fund, piece.line.amount)
    return Unpaired(one.kind, "received", one.receiver, short, ()) if short else None


def _resource(party: Party, old: str, new: str, amount: int) -> int:
    """Let ``party`` pay ``amount`` from another source: its lines first, then what it carries out. Returns the rest."""
    for piece in list(party.pieces):
        if not amount:
            return 0
        if piece.line.fund != old or piece.done or not piece.line.amount:
            continue
        first, _ = _cut(party, piece, amount)
        first.line = first.line._replace(fund=new)
        first.moved = True
        amount -= first.line.amount
    carried = min(amount, party.carried.get(old, 0))
    if carried:
        party.carried[old] -= carried
        party.carried[new] = party.carried.get(new, 0) + carried
    return amount - carried
