// What cells hold, how it is shown and how it is typed. No page, no network.
//
// A value is what the server keeps: an amount in whole 分, the key of a choice, a code, a text. A text is what people
// type or paste; the server alone decides what it means, and "guess" only shows it until the server has answered.
"use strict";
(function () {
  const ledger = window.zhengwu.ledger = {};
  const CODES = new Set(["function", "government", "departmental"]);
  const plain = (text) => String(text).normalize("NFKC").trim();

  function money(fen) {
    const whole = String(Math.trunc(Math.abs(fen) / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
    return (fen < 0 ? "-" : "") + whole + "." + String(Math.abs(fen) % 100).padStart(2, "0");
  }

  // As it is typed: what an editor begins with, and what the server is told was seen.
  function typed(column, value) {
    if (value === null || value === undefined || value === "") return "";
    if (column.type === "amount" && typeof value === "number") return money(value).replaceAll(",", "");
    if (column.choices.length) { const found = column.choices.find((one) => one[0] === value); return found ? found[1] : String(value); }
    return String(value);
  }

  // As it is read.
  function shown(column, value) {
    if (column.type === "amount" && typeof value === "number") return money(value);
    return typed(column, value);
  }

  // The value that a text will very likely be; undefined where only the server can say.
  function guess(column, text) {
    const given = plain(text);
    if (given === "") return column.type === "amount" || column.type === "count" || column.type === "year" ? null : "";
    if (column.choices.length) {
      const low = given.toLowerCase();
      const found = column.choices.find((one) => one.some((name) => String(name).toLowerCase() === low));
      return found && found[0];
    }
    if (column.type === "amount") {
      const bare = given.replace(/[,\s¥元]/g, "");
      if (!/^\d{1,15}(\.\d{1,2})?$/.test(bare)) return undefined;
      const [whole, part = ""] = bare.split(".");
      return Number(whole + part.padEnd(2, "0"));
    }
    if (column.type === "count" || column.type === "year") return /^\d{1,15}$/.test(given) ? Number(given) : undefined;
    if (CODES.has(column.type)) { const code = /^\d{3,7}(?!\d)/.exec(given); return code ? code[0] : undefined; }
    return column.type === "long" ? String(text).trim() : given;
  }

  // Whether two texts mean the same in a column.
  function same(column, one, other) {
    if (one === other) return true;
    const [first, second] = [guess(column, one), guess(column, other)];
    return first !== undefined && second !== undefined && typed(column, first) === typed(column, second);
  }

  // The cells of a block as spreadsheets copy them: tabs, line ends, quoted cells with either inside.
  function block(text) {
    const rows = [[]];
    let cell = "", quoted = false, at = 0;
    const given = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    while (at < given.length) {
      const sign = given[at];
      if (quoted) {
        if (sign !== '"') cell += sign;
        else if (given[at + 1] === '"') { cell += '"'; at += 1; }
        else quoted = false;
      } else if (sign === '"' && cell === "" && /^"(?:[^"]|"")*"(?:[\t\n]|$)/.test(given.slice(at))) quoted = true;
      else if (sign === "\t") { rows.at(-1).push(cell); cell = ""; }
      else if (sign === "\n") { rows.at(-1).push(cell); rows.push([]); cell = ""; }
      else cell += sign;
      at += 1;
    }
    rows.at(-1).push(cell);
    return rows;
  }

  const quote = (text) => /[\t\n"]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  const lines = (rows) => rows.map((row) => row.map(quote).join("\t")).join("\n");

  // The columns that the titles of a pasted block name; null where the first row is no row of titles.
  function titled(columns, first) {
    const named = first.map((text) => {
      const low = plain(text).toLowerCase().replace(/[*\s]/g, "");
      return low ? columns.find((one) => one.names.some((name) => name.toLowerCase().replace(/[_\s]/g, "") === low.replace(/_/g, ""))) : null;
    });
    const known = named.filter(Boolean).length;
    return known && named.every((one) => one !== undefined) && (known > 1 || columns.length === 1) ? named : null;
  }

  // A sentence of the page with its values.
  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (all, name) => name in values ? values[name] : all);
  }

  Object.assign(ledger, { CODES, plain, money, typed, shown, guess, same, block, lines, titled, fill });
})();
