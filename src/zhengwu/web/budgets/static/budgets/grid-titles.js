// Which columns the titles of a pasted block name. No page, no network.
//
// Officers' own sheets say 项目 for 项目名称, put the unit behind the title, and have columns more or fewer than ours.
// What is not a row of titles without doubt is data; an amount that is not in yuan is nobody's to guess.
"use strict";
(function () {
  const ledger = window.zhengwu.ledger;
  const { plain, CODES } = ledger;
  const SIGNS = /[()[\]【】〔〕/:,、-]/g, BRACKETS = /[([【〔].*$/;
  const YUAN = /^(?:(?:人民币)?元?|人民币|(?:in)?(?:rmb)?(?:yuan|cny)|rmb|¥)$/, UNIT = /[十百千万亿元]|yuan|rmb|cny|usd|[$¥]/;
  const UNIT_LINE = /^(?:单位|金额单位)(?:人民币)?[十百千万亿]+元$/;
  const NUMBER = /^[-(¥]*\d[\d,.\s)%]*$/, CODE = /^\d{3,}(?![\d年])/;
  const bare = (text) => plain(text).toLowerCase().replace(/[*\s_]/g, "");
  // What a title says in short, and what officers write around the title of a classification.
  const stem = (name) => name.replace(/(?:名称|代码|编码)$/, "");
  const core = (name) => name.replace(/预算|支出|科目|(?:代码|编码)$/g, "");

  // What stands behind the name of a column: "" (nothing that matters), "foreign" (amounts in another unit than yuan),
  // or null, where it makes another title of it.
  function rest(column, text) {
    const unit = text.replace(SIGNS, "").replace(/^(?:单位|unit)/, "");
    if (column.type === "amount") return YUAN.test(unit) ? "" : UNIT.test(unit) ? "foreign" : null;
    if (column.type === "count" && UNIT.test(unit)) return null;
    if (column.type === "long") return text ? null : ""; // 职责（一） is a duty, not the title of one
    const word = text.replace(BRACKETS, "");
    const fits = CODES.has(column.type) || column.type === "code" ? /^(?:编码|代码|code)?$/ : column.type === "text" ? /^(?:名称|name)?$/ : /^$/;
    return fits.test(word) ? "" : null;
  }

  // {column, rank, foreign} of a title, null for none; the lower the rank, the surer.
  function match(columns, text) {
    const given = bare(text);
    if (!given) return null;
    let found = null;
    for (const column of columns) {
      for (const name of column.names.map(bare)) {
        if (!given.startsWith(name)) continue;
        const behind = rest(column, given.slice(name.length));
        if (behind === null || found && found.long >= name.length) continue;
        found = { column, rank: given === name ? 0 : 1, foreign: behind === "foreign", long: name.length };
      }
    }
    if (found) return found;
    const short = given.replace(BRACKETS, "");
    const near = columns.filter((one) => one.names.map(bare).some((name) => stem(name) !== name && stem(name) === short || CODES.has(one.type) && core(name) === core(short)));
    return near.length === 1 && short.length > 1 ? { column: near[0], rank: 2, foreign: false } : null;
  }

  // The first row of a block as titles: null where it is none; {foreign: title} where amounts are in another unit than
  // yuan; else {columns: [column or undefined], titled: [whether there is a title], left: [titles that the sheet lacks]}.
  ledger.titled = (columns, first) => {
    if (first.some((text) => NUMBER.test(plain(text)) || CODE.test(plain(text)))) return null;
    const found = first.map((text) => match(columns, text));
    const money = columns.some((one) => one.type === "amount");
    const foreign = first.find((text, at) => found[at] ? found[at].foreign : money && UNIT_LINE.test(bare(text).replace(SIGNS, "")));
    if (foreign !== undefined) return { foreign: foreign.trim() };
    const known = found.filter(Boolean).length, filled = first.filter((text) => bare(text)).length;
    if (known < Math.min(2, columns.length) || known * 2 <= filled) return null;
    // Of two titles of one column the surer has it.
    const best = (one, at) => !found.some((other, there) => other && other.column === one.column && (other.rank < one.rank || other.rank === one.rank && there < at));
    const taken = found.map((one, at) => one && best(one, at) ? one.column : undefined);
    const titled = first.map((text) => Boolean(bare(text)));
    return { columns: taken, titled, left: first.filter((_text, at) => titled[at] && !taken[at]).map((text) => text.trim()) };
  };
})();
