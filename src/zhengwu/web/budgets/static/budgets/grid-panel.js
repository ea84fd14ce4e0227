// Beside the grid: what stands against each other, the figures, the audit with a way to each cell, remarks.
"use strict";
(function () {
  const ledger = window.zhengwu.ledger;
  const { fill, money, typed } = ledger;
  const SHOWN = 100;

  function el(name, attributes = {}, ...inside) {
    const made = document.createElement(name);
    for (const key in attributes) {
      if (key === "class") made.className = attributes[key];
      else if (key.startsWith("on")) made.addEventListener(key.slice(2), attributes[key]);
      else made.setAttribute(key, attributes[key]);
    }
    made.append(...inside.filter((one) => one !== null && one !== false && one !== undefined));
    return made;
  }

  // A list as it shall be, of [key, maker]. What it has already stays where it is, under one's finger or with the focus.
  function list(part, wanted) {
    const keys = new Set(wanted.map(([key]) => key));
    for (const one of [...part.children]) if (!keys.has(one.key)) one.remove();
    wanted.forEach(([key, make], at) => {
      const there = [...part.children].slice(at), found = there.find((one) => one.key === key) || Object.assign(make(), { key });
      if (found !== there[0]) part.insertBefore(found, there[0] || null);
    });
    while (part.children.length > wanted.length) part.lastElementChild.remove();
  }

  ledger.Panel = class {
    constructor(config, store, parts, view) { Object.assign(this, { config, store, parts, view, words: config.words }); this.audit = null; this.wrong = this.unread = 0; }

    // The server's audit, or that it is being made anew.
    audited(audit, sync) {
      const news = audit !== this.audit;
      this.audit = audit;
      this.parts.faults.setAttribute("aria-busy", String(sync.checking));
      if (!audit) { this.parts.faultState.textContent = sync.checking ? this.words.checking : this.words.unchecked; return; }
      this.checking = sync.checking;
      if (!news) { this._count(); return; }
      this.view.codes.rows = audit.lists;
      this.view.mark(audit.faults, audit.remarks);
      this._faults();
      this._todo(audit.todo);
      this._remarks(audit.remarks);
      this.figures();
    }

    // Of a cell whose text was refused the audit can only say that it is empty: the refusal is listed in its place.
    _faults() {
      const there = this.audit.faults.filter(([sheet, row, column]) => {
        const own = sheet === this.config.sheet && this.store.byKey.get(row);
        return !own || !this.store.unread(own, column);
      });
      this.unread = this.audit.faults.length - there.length;
      const items = there.slice(0, SHOWN).map((fault) => this._item(fault[0], fault[1], fault[2], fault[4]));
      const more = this.audit.count - this.unread - items.length;
      if (more) items.push([`${more}`, () => el("li", { class: "muted" }, fill(this.words.fault_more, { count: more }))]);
      list(this.parts.faults, items);
      this._count();
      this._tabs();
    }

    // As many as are listed: the refusals, and what the audit found.
    _count() {
      const count = this.audit.count - this.unread + this.wrong;
      this.parts.faultState.textContent = this.checking ? this.words.checking : count ? fill(this.words.faults, { count }) : this.words.faults_none;
    }

    // What is no fault yet, but will be asked for.
    _todo(todo) {
      this.parts.todo.hidden = !todo.length;
      list(this.parts.todoList, todo.map(([sheet, text]) => this._item(sheet, null, "", text)));
    }

    // What the server did not take, first of all that is to be mended.
    refused() {
      const items = [];
      this.wrong = 0;
      for (const row of this.store.rows) {
        if (!this.store.there(row)) continue;
        this.wrong += Object.keys(row.wrong).length + (row.told ? 1 : 0);
        if (items.length >= SHOWN) continue;
        for (const key in row.wrong) {
          const column = this.store.column[key];
          const text = `${this.view.place(row, column)}: ${fill(this.words.wrong, { sentence: row.wrong[key] })}`;
          items.push(el("li", {}, el("button", { type: "button", class: "link", onclick: () => this.view.show(row, key) }, text)));
        }
        if (row.told) items.push(el("li", {}, `${fill(this.words.row, { row: row.number })}: ${fill(this.words.wrong, { sentence: row.told })}`));
      }
      const state = [this.wrong, ...items.map((one) => one.textContent)].join("\n");
      if (state === this.refusals) return;
      this.parts.refused.replaceChildren(...items);
      this.refusals = state;
      if (this.audit) this._faults();
    }

    _remarks(remarks) {
      this.parts.remarksHead.hidden = !remarks.length;
      list(this.parts.remarks, remarks.slice(0, SHOWN).map(([sheet, row, column, text, who]) => this._item(row && sheet, row, column, fill(this.words.remark, { who, text }))));
    }

    // One of a list.
    _item(...given) { return [JSON.stringify(given), () => el("li", {}, this._link(...given))]; }

    // In this sheet a jump, in another one a link that does it there.
    _link(sheet, row, column, text) {
      if (!sheet) return text;
      const query = new URLSearchParams({ sheet, ...(row ? { row, column } : {}) });
      const link = el("a", { href: `${this.config.urls.page}?${query}` }, text);
      if (sheet === this.config.sheet && row) link.addEventListener("click", (event) => { if (this.view.jump(row, column)) event.preventDefault(); });
      return link;
    }

    _tabs() {
      for (const tab of this.parts.sheets.querySelectorAll("a[data-sheet]")) {
        const here = tab.dataset.sheet === this.config.sheet ? this.wrong - this.unread : 0;
        const count = (this.audit.counts[tab.dataset.sheet] || 0) + here;
        let badge = tab.querySelector(".badge");
        if (count && !badge) { badge = el("span", { class: "badge error" }); tab.append(" ", badge); }
        if (badge) { badge.hidden = !count; badge.textContent = "⚠ " + fill(this.words.faults, { count }); }
      }
    }

    // How many rows the sheet has, on its tab.
    count() { this.parts.sheets.querySelector("[aria-current] .n").textContent = this.store.count; }

    // What is used of each control figure: of the sheet of lines at once, of the others as the server last said.
    figures() {
      if (!this.audit) return;
      const used = this.config.sheet === "lines" ? this._used() : new Map(this.audit.figures.map((one) => [one[0], one[1]]));
      const given = new Map(this.audit.figures.map((one) => [one[0], one[2]]));
      const names = [...new Set(["", ...given.keys(), ...used.keys()])].filter((name) => name !== null);
      let all = used.get(null) || 0, control = 0, bound = false;
      const rows = names.sort((a, b) => (a !== "") - (b !== "") || (a < b ? -1 : a > b ? 1 : 0)).map((name) => {
        const sum = used.get(name) || 0, figure = given.has(name) ? given.get(name) : this.config.bound ? 0 : null;
        all += sum;
        if (figure !== null) { control += figure; bound = true; }
        return this._figure(name === "" ? this.words.basic : name === "?" ? this.words.no_project : name, sum, figure);
      });
      rows.unshift(this._figure(this.words.all, this.config.sheet === "lines" ? all : this.audit.totals.total, bound && this.config.bound ? control : null, "total"));
      this.parts.figures.replaceChildren(this.parts.figures.tHead, ...rows);
    }

    _figure(name, used, given, kind = "") {
      const left = given === null ? null : given - used;
      return el("tbody", { class: kind }, el("tr", {}, el("th", { scope: "rowgroup", colspan: "2" }, name)), el("tr", {}, el("td", { class: "n" }, money(used)),
        el("td", { class: left !== null && left < 0 ? "n over" : "n" }, left === null ? "—" : left < 0 ? fill(this.words.over, { amount: money(-left) }) : money(left))));
    }

    _used() {
      const { nature, project, amount } = this.store.column;
      const sums = new Map();
      for (const row of this.store.rows) {
        if (!this.store.there(row)) continue;
        const value = this.store.value(row, amount);
        if (typeof value !== "number") continue;
        const kind = this.store.value(row, nature);
        const name = kind === "basic" ? "" : kind === "project" ? this.store.value(row, project) || "?" : null; // the others have no figure
        sums.set(name, (sums.get(name) || 0) + value);
      }
      return sums;
    }

    // What somebody else typed where something was typed here: both, and the choice.
    conflicts() {
      const items = [];
      for (const row of this.store.view) {
        for (const key in row.theirs) {
          items.push(this._conflict(row, key));
          if (row.goner && row.goner.to) break; // one decision about the row
        }
      }
      if (items.length && this.parts.conflicts.hidden) this.view.onsay(this.words.conflict_head);
      this.parts.conflicts.hidden = !items.length;
      // The buttons stay under the finger as long as there is nothing new.
      const state = items.map((one) => one.textContent).join("\n");
      if (state !== this.state) this.parts.conflictList.replaceChildren(...items);
      this.state = state;
    }

    _conflict(row, key) {
      const [value, who, at] = row.theirs[key];
      const column = this.store.column[key] || this.store.columns[0];
      const values = { place: key ? this.view.place(row, column) : fill(this.words.row, { row: row.number }), who: who || this.words.someone, when: when(at, this.config),
        theirs: key ? typed(column, value) || this.words.empty : "", mine: key && row.mine[key] ? row.mine[key].text || this.words.empty : "" };
      const removing = row.goner && row.goner.to;
      const [sentence, yes, no] = key === "" ? ["conflict_gone", "bring_back", "let_go"] : removing ? ["conflict_changed", "remove", "keep_row"] : ["conflict", "mine", "theirs"];
      const decide = (mine) => () => { this.store.decide(row, key, mine); this.view.input.focus(); };
      const text = fill(this.words[sentence], values);
      return el("li", {}, el("p", {}, text), el("div", { class: "actions" },
        el("button", { class: "small primary", type: "button", onclick: decide(true) }, this.words[yes]),
        el("button", { class: "small", type: "button", onclick: decide(false) }, this.words[no])));
    }
  };

  // In the zone of the server, as on all other pages, wherever the reader sits.
  function when(seconds, { language, zone }) {
    return new Date(seconds * 1000).toLocaleString(language === "en" ? "en-GB" : "zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", timeZone: zone });
  }

  Object.assign(ledger, { el, when });
})();
