// What cells hold, how it is shown and how it is typed. No page, no network.
//
// A value is what the server keeps: an amount in whole 分, the key of a choice, a code, a text. A text is what people
// type or paste; the server alone decides what it means. "guess" shows it until the server has answered, where that is
// sure; "meant" compares texts and looks up what goes with a code.
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

  // The value that a text would have, if the server takes it; undefined where only the server can say.
  function meant(column, text) {
    const given = plain(text);
    if (given === "") return column.type === "amount" || column.type === "count" || column.type === "year" ? null : "";
    if (column.choices.length) {
      const low = given.toLowerCase();
      const found = column.choices.find((one) => one.some((name) => plain(name).toLowerCase() === low));
      return found && found[0];
    }
    if (column.type === "amount") {
      const digits = given.replace(/[,\s¥]/g, "");
      if (!/^\d{1,13}(\.\d{1,2})?$/.test(digits)) return undefined;
      const [whole, part = ""] = digits.split(".");
      return Number(whole + part.padEnd(2, "0"));
    }
    if (column.type === "count" || column.type === "year") return /^\d{1,10}$/.test(given) ? Number(given) : undefined;
    if (CODES.has(column.type)) { const code = /^\d+(?=$|[\s\-—_:.]*[^\s\d\-—_:.])/.exec(given); return code ? code[0] : undefined; }
    return column.type === "code" ? given : String(text).trim();
  }

  // The same where there is no doubt that the server takes it so: only then it is shown before the server has answered.
  const SURE = { amount: /^¥?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$/, year: /^20\d\d$/, code: /^[0-9A-Za-z][0-9A-Za-z._/-]*$/ };
  for (const one of CODES) SURE[one] = /^\d+$/; // a name behind the code may be another code's
  function guess(column, text) {
    const form = SURE[column.type], given = plain(text);
    return given !== "" && form && !form.test(given) ? undefined : meant(column, text);
  }

  // Whether two texts mean the same in a column.
  function same(column, one, other) {
    if (one === other) return true;
    const [first, second] = [meant(column, one), meant(column, other)];
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

  // A sentence of the page with its values.
  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (all, name) => name in values ? values[name] : all);
  }

  Object.assign(ledger, { CODES, plain, money, typed, shown, meant, guess, same, block, lines, fill });
})();
