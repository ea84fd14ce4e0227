// The rows of a sheet: what the server has, what was typed and not yet confirmed, what can be undone.
//
// A row: {key, name, position, stamp, gone, by, at, values, number} as the server tells it, and of this page
//   mine    {column: {text, value, seen, n, sent}}  typed here, not confirmed; seen stood there when it was typed
//   wrong   {column: sentence}                      why the server did not take it
//   theirs  {column: [value, who, when]}            what somebody else typed meanwhile; "" when the row was removed
//   goner   {to, n} or null                         removed (or brought back) here, not confirmed
//   told    a sentence about the whole row
//   asked   a new row that was sent, and may be in the budget though no answer has said so
//   taken   {column: [typed, there]}  what was last typed here, and what the server made of it
// A row of which the server has none yet is last; once it was not taken, it has the position that is kept for it.
"use strict";
(function () {
  const ledger = window.zhengwu.ledger;
  const { typed, guess, same } = ledger;
  const NONE = Object.freeze({});
  const BARE = Object.freeze({ mine: NONE, wrong: NONE, theirs: NONE, taken: NONE, goner: null, told: "", fresh: null });
  const MOST_UNDO = 200;
  const empty = (object) => { for (const _ in object) return false; return true; };

  ledger.Store = class {
    constructor(config) {
      this.columns = config.columns.map((column, at) => ({ ...column, at }));
      this.column = Object.fromEntries(this.columns.map((one) => [one.key, one]));
      this.blank = this.columns.map((one) => config.blank[one.key] ?? (guess(one, "") ?? null));
      this.person = config.person;
      this.prefix = Array.from(crypto.getRandomValues(new Uint8Array(8)), (one) => one.toString(16).padStart(2, "0")).join("");
      this.rows = []; this.view = []; this.byKey = new Map(); this.byName = new Map(); this.people = {};
      this.revision = 0; this.n = 0; this.filter = ""; this.undone = []; this.done = [];
      this.match = null; // (row, words) -> whether a row is found
      this.onchange = () => {}; // (rows, whether rows came or went)
      this.onedit = () => {}; // something is to be sent
    }

    // What the server has.

    load(answer) {
      this.people = answer.people;
      this.revision = answer.revision;
      for (const given of answer.rows) this._adopt(null, given);
      this.refresh();
    }

    // What came after the revision that is known; answers the rows that others changed.
    take(answer) {
      Object.assign(this.people, answer.people);
      this.revision = Math.max(this.revision, answer.revision);
      const changed = [];
      for (const given of answer.rows) {
        const row = this.byKey.get(given[0]) || this.byName.get(given[6]);
        if (row && row.key !== null && row.stamp >= given[2]) continue;
        const before = row && row.values;
        const taken = this._adopt(row, given);
        if (row && row.flight) continue; // very likely the answer to what is on its way
        taken.fresh = new Set(this.columns.filter((one) => !before || before[one.at] !== taken.values[one.at]).map((one) => one.key));
        changed.push(taken);
      }
      if (answer.rows.length) this.refresh();
      if (changed.length) this.onchange(changed, true);
      return changed;
    }

    _adopt(row, given) {
      const [key, position, stamp, gone, by, at, name, values] = given;
      if (!row) { row = { ...BARE }; this.rows.push(row); this.sorted = false; }
      if (row.position !== position) this.sorted = false;
      Object.assign(row, { key, position, stamp, gone, by, at, name, values });
      this.byKey.set(key, row);
      if (name) this.byName.set(name, row);
      return row;
    }

    // Which rows are shown, in which order.
    refresh() {
      if (!this.sorted) {
        this.rows.sort((a, b) => a.position - b.position || (a.key ?? Infinity) - (b.key ?? Infinity) || a.made - b.made);
        this.sorted = true;
      }
      let number = 1;
      const there = this.rows.filter((row) => this.there(row));
      for (const row of there) row.number = ++number;
      const words = this.filter.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
      this.view = words.length ? there.filter((row) => this.match(row, words)) : there;
      this.count = there.length;
    }

    there(row) {
      if (!empty(row.theirs)) return true;
      if (row.goner) return !row.goner.to;
      return !row.gone || !empty(row.mine);
    }

    // What a cell shows.

    value(row, column) { const mine = row.mine[column.key]; return mine ? mine.value : row.values[column.at]; }
    text(row, column) { const mine = row.mine[column.key]; return mine ? mine.text : typed(column, row.values[column.at]); }

    // Whether the server, and so the audit, has nothing of what was typed into a cell: it was refused or is yet to be sent.
    unread(row, key) { return Boolean(row.mine[key]?.text) && typed(this.column[key], row.values[this.column[key].at]) === ""; }

    // What people do.

    fresh() {
      const made = ++this.n;
      const row = { key: null, name: `${this.prefix}-${made}`, made, position: Infinity, stamp: 0, gone: false, by: null, at: 0,
        values: this.blank, ...BARE };
      this.rows.push(row);
      this.byName.set(row.name, row);
      return row;
    }

    // Edits [{row, column, text}] as one step; rows that came into being with them are in "made".
    change(edits, made = []) {
      const step = { cells: [], gone: made.map((row) => ({ row, before: true, after: false })) };
      for (const { row, column, text } of edits) {
        const before = this.text(row, column);
        if (before === text && !(column.key in row.wrong)) continue;
        this._type(row, column, text);
        step.cells.push({ row, column, before, after: text });
      }
      this._finish(step, made.length > 0);
      return step.cells.length;
    }

    remove(rows) {
      const step = { cells: [], gone: [] };
      for (const row of rows) {
        step.gone.push({ row, before: false, after: true });
        this._go(row, true);
      }
      this._finish(step, true);
    }

    // Answers how many cells others have changed since, which stay as they are; null with nothing to undo.
    undo() { return this._back(this.done, this.undone, "after", "before"); }
    redo() { return this._back(this.undone, this.done, "before", "after"); }

    _back(from, to, now, then) {
      const step = from.pop();
      if (!step) return null;
      let left = 0;
      for (const { row, ...gone } of step.gone) if (this.there(row) === !gone[now]) this._go(row, gone[then]); else left += 1;
      for (const { row, column, ...texts } of step.cells) {
        if (!this.there(row)) continue;
        if (this._stands(row, column, texts[now])) this._type(row, column, texts[then]); else left += 1;
      }
      to.push(step);
      this._tell(step, step.gone.length > 0);
      return left;
    }

    // Whether a cell still has what was typed into it, or what the server made of that.
    _stands(row, column, text) {
      const now = this.text(row, column), taken = row.taken[column.key];
      return same(column, now, text) || Boolean(taken) && taken[0] === text && taken[1] === now;
    }

    _finish(step, moved) {
      if (step.cells.length || step.gone.length) {
        this.done.push(step);
        if (this.done.length > MOST_UNDO) this.done.shift();
        this.undone = [];
      }
      this._tell(step, moved);
    }

    _tell(step, moved) {
      if (moved) this.refresh();
      this.onchange([...new Set([...step.cells, ...step.gone].map((one) => one.row))], moved);
      this.onedit();
    }

    _type(row, column, text) {
      const before = row.mine[column.key];
      const value = guess(column, text);
      const server = typed(column, row.values[column.at]);
      row.mine = { ...row.mine };
      row.wrong = without(row.wrong, column.key);
      if (!row.flight && !row.theirs[column.key] && value !== undefined && row.key !== null && typed(column, value) === server) delete row.mine[column.key];
      else row.mine[column.key] = { text, value: value === undefined ? text : value, seen: before ? before.seen : server, n: ++this.n, sent: before ? before.sent : [] };
    }

    _go(row, gone) {
      const known = row.key === null && !row.asked ? true : row.gone; // of a row that the server never saw
      row.goner = gone === known && !row.flight && row.key !== null ? null : { to: gone, n: ++this.n };
      if (!gone && row.key === null) row.goner = null;
      row.told = "";
    }

    // A decision about what stands against each other: mine or theirs.
    decide(row, column, mine) {
      const removed = column === "";
      if (removed) {
        if (mine) { row.goner = { to: false, n: ++this.n }; for (const one of Object.values(row.mine)) one.n = ++this.n; }
        else { row.mine = NONE; row.goner = null; row.gone = true; }
        row.theirs = NONE;
      } else if (row.goner && row.goner.to) {
        row.theirs = NONE;
        row.goner = mine ? { to: true, n: ++this.n } : null;
      } else {
        const server = typed(this.column[column], row.theirs[column][0]);
        row.theirs = without(row.theirs, column);
        if (mine) row.mine[column] = { ...row.mine[column], seen: server, n: ++this.n };
        else row.mine = without(row.mine, column);
      }
      this.refresh();
      this.onchange([row], true);
      this.onedit();
    }

    // Everything typed and not taken is given up.
    discard() {
      const rows = this.rows.filter((row) => this.waits(row));
      for (const row of rows) Object.assign(row, { mine: NONE, wrong: NONE, theirs: NONE, goner: null, told: "" });
      // A new row that the server has after all comes back as what it is by then: one of the server's.
      const left = new Set(rows.filter((row) => row.key === null));
      this.rows = this.rows.filter((row) => !left.has(row));
      for (const row of left) this.byName.delete(row.name);
      this.done = []; this.undone = [];
      this.refresh();
      this.onchange(rows, true);
      this.onedit();
    }

    // What is to be sent.

    waits(row) {
      if (row.key === null && !row.asked && row.goner) return false; // made and removed, and the server has nothing of it
      return !empty(row.mine) || row.goner !== null;
    }
    waiting() { return this.rows.filter((row) => this.waits(row)); }

    // At most so many changes as the server takes them; their rows are in flight until "answered" or "unanswered".
    collect(most) {
      const changes = [];
      // Behind rows that were not taken, for which the server has kept places that it does not see.
      const highest = (rows) => rows.reduce((most, row) => Number.isFinite(row.position) ? Math.max(most, row.position) : most, 0);
      const kept = highest(this.rows.filter((row) => row.key === null));
      let place = kept > highest(this.rows.filter((row) => row.key !== null)) ? kept : null;
      for (const row of this.rows) {
        if (changes.length === most) break;
        if (row.told || row.flight || row.theirs[""]) continue;
        const change = { name: row.key === null ? row.name : `k${row.key}`, row: row.key, cells: {}, seen: {} };
        const flight = { cells: {}, goner: 0 };
        if (row.goner && row.goner.to) {
          if (!this.waits(row) || !empty(row.theirs)) continue;
          change.gone = true;
          if (row.key !== null) for (const column of this.columns) change.seen[column.key] = typed(column, row.values[column.at]);
          flight.goner = row.goner.n;
        } else {
          for (const key in row.mine) {
            if (key in row.wrong || key in row.theirs) continue;
            const mine = row.mine[key];
            change.cells[key] = mine.text;
            change.seen[key] = mine.seen;
            mine.sent = [...mine.sent.slice(-9), mine.text];
            flight.cells[key] = mine.n;
          }
          if (row.goner) { change.gone = false; flight.goner = row.goner.n; }
          if (empty(flight.cells) && !flight.goner) continue;
        }
        if (row.key === null && !change.gone) change.place = Number.isFinite(row.position) ? row.position : place && ++place;
        row.flight = flight;
        row.asked = true;
        changes.push({ change, row });
      }
      return changes;
    }

    unanswered(sent) { for (const { row } of sent) row.flight = null; }

    answered(sent, answer) {
      const revision = this.revision;
      sent.forEach(({ row }, at) => this._answer(row, answer.outcomes[at]));
      // Others' rows of the revisions between are asked for next, with the old one.
      if (answer.revision <= revision + 1) this.revision = Math.max(revision, answer.revision);
      this.refresh();
      this.onchange(sent.map((one) => one.row), true);
    }

    _answer(row, outcome) {
      const flight = row.flight;
      row.flight = null;
      if (outcome.row && (row.key === null || outcome.row[2] >= row.stamp)) this._adopt(row, outcome.row);
      if (outcome.taken) {
        row.mine = { ...row.mine };
        for (const key in flight.cells) {
          const mine = row.mine[key];
          if (!mine) continue;
          const column = this.column[key], there = typed(column, row.values[column.at]);
          if (mine.n === flight.cells[key]) { delete row.mine[key]; row.taken = { ...row.taken, [key]: [mine.text, there] }; }
          else mine.seen = there;
        }
        if (flight.goner && row.goner && row.goner.n === flight.goner) { row.goner = null; if (row.gone) row.mine = NONE; }
        return;
      }
      if (row.key === null && (outcome.place || "" in outcome.wrong)) row.asked = false; // the server has no such row
      if (outcome.place && row.key === null) { row.position = outcome.place; this.sorted = false; }
      row.wrong = { ...row.wrong };
      row.mine = { ...row.mine };
      for (const key in outcome.wrong) {
        const mine = row.mine[key];
        if (key === "") { if (this.waits(row)) row.told = outcome.wrong[key]; continue; }
        if (!mine || mine.n !== flight.cells[key]) continue;
        row.wrong[key] = outcome.wrong[key];
        row.mine[key] = { ...mine, value: mine.text }; // what was typed stands there, no guess at what it means
      }
      row.theirs = { ...row.theirs };
      for (const key in outcome.theirs) {
        const told = outcome.theirs[key];
        if (key === "") { if (flight.goner && row.goner && row.goner.to) { row.goner = null; row.gone = true; row.mine = NONE; } else row.theirs[""] = told; continue; }
        const mine = row.mine[key];
        const server = typed(this.column[key], told[0]);
        // The answer to an earlier try was lost: what stands there was typed here.
        if (mine && mine.sent.slice(0, -1).some((text) => same(this.column[key], text, server))) mine.seen = server;
        else row.theirs[key] = told;
      }
    }

    // What is kept where the page is closed before the server has it.

    kept() {
      return this.waiting().map((row) => ({ key: row.key, name: row.name, mine: row.mine, gone: row.goner && row.goner.to,
        seen: row.key === null ? null : row.values, place: row.key === null && Number.isFinite(row.position) ? row.position : null }));
    }

    // Answers how many of them are to be told of.
    restore(saved) {
      for (const one of saved) {
        let row = (one.key !== null && this.byKey.get(one.key)) || (one.name && this.byName.get(one.name));
        if (!row) {
          row = this.fresh();
          Object.assign(row, { key: one.key, name: one.name || row.name, asked: true, values: one.seen || this.blank });
          if (one.key !== null) { row.gone = true; row.position = 1e9; this.byKey.set(one.key, row); }
          else if (one.place) row.position = one.place;
          this.byName.set(row.name, row);
        }
        const mine = { ...row.mine };
        for (const key in one.mine) if (this.column[key]) mine[key] = { ...one.mine[key], n: ++this.n };
        row.mine = mine;
        if (one.gone !== null) row.goner = { to: one.gone, n: ++this.n };
      }
      this.sorted = false;
      this.refresh();
      // New rows that were removed again before an answer came are only asked after.
      return saved.filter((one) => one.key !== null || !one.gone).length;
    }
  };

  function without(object, key) {
    if (!(key in object)) return object;
    const { [key]: _, ...rest } = object;
    return rest;
  }
})();
