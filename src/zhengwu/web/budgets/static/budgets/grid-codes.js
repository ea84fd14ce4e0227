// What the pickers offer: codes by code, name and the initials of its pinyin; pairs that go together; other rows.
"use strict";
(function () {
  const ledger = window.zhengwu.ledger;

  ledger.Codes = class {
    constructor() { this.lists = null; this.names = {}; this.pairs = new Map(); this.rows = { units: [], projects: [], catalogue: [] }; }

    load(lists) {
      this.lists = lists;
      for (const kind of ledger.CODES) this.names[kind] = new Map(lists[kind].map((one) => [one[0], one[1]]));
      for (const [departmental, government, kind] of lists.pairs) {
        if (!this.pairs.has(departmental)) this.pairs.set(departmental, []);
        this.pairs.get(departmental).push([government, kind]);
      }
    }

    name(kind, code) { return this.names[kind]?.get(code) || ""; }

    // The government codes that a departmental one may be recorded under in a unit: null where that is not known.
    government(departmental, unit) {
      const found = this.pairs.get(departmental);
      if (!found) return null;
      const kind = this.rows.units.find((one) => one[0] === unit)?.[2];
      const codes = found.filter((one) => !kind || one[1] === "both" || one[1] === kind).map((one) => one[0]);
      return [...new Set(codes)];
    }

    // For the box: query -> entries, best first; null for a column without a list. "get" reads the row's other cells.
    options(column, get) {
      if (column.choices.length) {
        const all = column.choices.map((one) => ({ text: one[1], label: one[1], note: "", words: [String(one[0]), one[1], one[2]].join(" ").toLowerCase() }));
        return (query) => matching(all, query);
      }
      if (column.list) {
        const all = this.rows[column.list].map((one) => ({ text: one[0], label: one.length > 1 ? `${one[0]} ${one[1]}` : one[0], note: "", words: one.join(" ").toLowerCase() }));
        return all.length ? (query) => matching(all, query) : null;
      }
      if (!ledger.CODES.has(column.type) || !this.lists) return null;
      let list = this.lists[column.type];
      if (column.type === "government") {
        const valid = this.government(String(get("departmental") || ""), String(get("unit") || ""));
        if (valid && valid.length) list = list.filter((one) => valid.includes(one[0]));
      }
      return (query) => this._search(column.type, list, query);
    }

    _search(kind, list, query) {
      const words = query.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
      const found = [];
      for (const [code, name, initials] of list) {
        const above = [3, 5].filter((size) => size < code.length).map((size) => this.lists.above[`${kind} ${code.slice(0, size)}`] || "");
        let worst = 0;
        for (const word of words) {
          const rank = code === word ? 0 : code.startsWith(word) ? 1 : name.toLowerCase().startsWith(word) ? 2 : name.toLowerCase().includes(word) ? 3
            : initials.startsWith(word) ? 4 : initials.includes(word) ? 5 : above.some((one) => one.includes(word)) ? 6 : -1;
          if (rank < 0) { worst = -1; break; }
          worst = Math.max(worst, rank);
        }
        if (worst >= 0) found.push([worst, code, { text: code, label: `${code} ${name}`, note: above.filter(Boolean).join(" / ") }]);
      }
      found.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
      return found.map((one) => one[2]);
    }
  };

  function matching(all, query) {
    const words = query.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    return words.length ? all.filter((one) => words.every((word) => one.words.includes(word))) : all;
  }
})();
