// The ledger's page: puts store, grid, server and panel together. Without this the page has a table instead.
"use strict";
(async function () {
  const ledger = window.zhengwu && window.zhengwu.ledger;
  const given = document.getElementById("ledger-config");
  if (!ledger || !given || !window.Slick) return;
  const config = JSON.parse(given.textContent);
  const { fill } = ledger;
  const words = config.words;
  const part = (name) => document.getElementById(`ledger-${name}`);
  const parts = {
    grid: part("grid"), line: part("line"), area: part("area"), list: part("list"), find: part("find"), selected: part("selected"), sheets: part("sheets"),
    faults: part("faults"), refused: part("refused"), faultState: part("fault-state"), todo: part("todo"), todoList: part("todo-list"), figures: part("figures"), conflicts: part("conflicts"), conflictList: part("conflict-list"),
    remarks: part("remarks"), remarksHead: part("remarks-head"),
  };
  const cell = part("cell"), state = part("state"), notice = part("notice"), said = part("said");

  document.documentElement.classList.add("has-grid");
  part("app").hidden = false;
  part("plain").remove();
  said.textContent = words.loading;

  const store = new ledger.Store(config);
  const codes = new ledger.Codes();
  const sync = new ledger.Sync(config, store);
  const view = new ledger.View(config, store, codes, parts);
  const panel = new ledger.Panel(config, store, parts, view);
  store.match = (row, sought) => {
    const text = store.columns.map((column) => {
      const value = store.value(row, column);
      return ledger.CODES.has(column.type) ? `${value} ${codes.name(column.type, value)}` : ledger.shown(column, value);
    }).join(" ").toLowerCase();
    return sought.every((word) => text.includes(word));
  };

  // What is said: of the chosen cell, of what was done, of the state of saving.

  view.onsay = (text) => { said.textContent = text; };
  view.onchange = () => { panel.count(); panel.figures(); panel.conflicts(); panel.refused(); };
  view.onleave = () => part("faults-head").focus();
  view.onmove = (row, column) => {
    if (row === ledger.PLACE) { cell.replaceChildren(ledger.el("b", {}, view.place(row, column))); return; }
    const value = store.value(row, column);
    const name = ledger.CODES.has(column.type) ? ` ${codes.name(column.type, value)}` : "";
    const told = view.told(row, column);
    const last = row.at && row.by ? fill(words.last, { who: store.people[row.by] || "", when: ledger.when(row.at, config) }) : "";
    cell.replaceChildren(
      ledger.el("b", {}, view.place(row, column)), "  ", ledger.shown(column, value) + name || `(${words.empty})`,
      told.length ? ledger.el("span", { class: "problem" }, ` ⚠ ${told.join(" ")}`) : "", last ? ledger.el("span", { class: "muted small" }, ` ${last}`) : "");
    const place = part("remark-place");
    if (place) place.textContent = fill(words.remark_cell, { place: view.place(row, column) });
  };

  sync.onstate = (now, count) => {
    const text = { saved: words.saved, saving: fill(words.saving, { count }), waiting: fill(words.waiting, { count }), offline: count ? fill(words.offline, { count }) : words.offline_none,
      server: `${words.server} ${fill(words.waiting, { count })}`, signed_out: words.signed_out, closed: count ? fill(words.closed, { reason: sync.reason, count }) : sync.reason }[now] || "";
    const short = now === "saved" || now === "saving" || now === "waiting";
    const before = state.dataset.state;
    state.dataset.state = now;
    state.textContent = short && config.edits ? text : "";
    const shifted = notice.hidden !== short;
    if (!short) {
      notice.className = `note ${now === "closed" || now === "signed_out" ? "error" : "warning"}`;
      const actions = now === "closed" && count ? [button(words.send, () => sync.again()), button(words.discard, () => { if (confirm(words.discard_question)) store.discard(); })]
        : now === "signed_out" ? [ledger.el("a", { class: "button small", href: config.urls.sign_in, target: "_blank" }, words.open), button(words.send, () => sync.again())] : [];
      const full = sync.full && count ? ` ${words.no_room}` : "";
      if (notice.dataset.text !== text + full) notice.replaceChildren(ledger.el("p", {}, text + full), ...(actions.length ? [ledger.el("div", { class: "actions" }, ...actions)] : []));
      notice.dataset.text = text + full;
    } else if (!notice.hidden && before && !["saved", "saving", "waiting"].includes(before)) { said.textContent = words.back; notice.dataset.text = ""; }
    notice.hidden = short;
    if (shifted) fit();
    view.input.line.readOnly = view.input.area.readOnly = !config.edits || now === "closed";
    view.edits = config.edits && now !== "closed";
  };
  sync.onaudit = (audit) => panel.audited(audit, sync);
  sync.onothers = (rows) => { said.textContent = fill(words.by_others, { count: rows.length }); };

  function button(text, action) { return ledger.el("button", { type: "button", class: "small", onclick: action }, text); }

  // Buttons and keys outside the grid.

  const act = (name, action) => { const found = part(name); if (found) found.addEventListener("click", () => { action(); view.input.focus(); }); };
  act("undo", () => view.undo());
  act("redo", () => view.redo());
  act("remove", () => view.removeRows());
  act("next", () => view.nextFault(1));
  let looking = 0;
  parts.find.addEventListener("input", () => { clearTimeout(looking); looking = setTimeout(() => view.find(parts.find.value), 150); });
  parts.find.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "ArrowDown") { event.preventDefault(); view.go(0, 1); }
    if (event.key === "Escape") { event.preventDefault(); parts.find.value = ""; view.find(""); view.input.focus(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "F8" && !part("hold").contains(event.target)) { event.preventDefault(); view.nextFault(event.shiftKey ? -1 : 1); }
    if (event.key === "F6" && !part("hold").contains(event.target)) { event.preventDefault(); view.input.focus(); }
  });
  const remark = part("remark");
  if (remark) remark.addEventListener("submit", async (event) => {
    event.preventDefault();
    const here = view.active();
    if (!here || !here.row.key) { said.textContent = words.choose_cell; return; }
    const body = new FormData(remark);
    body.set("row", here.row.key);
    body.set("column", here.column.key);
    try {
      const answer = await fetch(config.urls.remark, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
      said.textContent = answer.type === "opaqueredirect" ? words.said : words.not_said;
      if (answer.type === "opaqueredirect") { remark.reset(); sync.check(); }
    } catch { said.textContent = words.not_said; }
  });

  // The grid ends where the window does, however many lines the heads above it take.
  function fit() {
    const wide = matchMedia("(min-width: 1001px)").matches;
    parts.grid.style.height = wide ? `${Math.max(352, innerHeight - parts.grid.getBoundingClientRect().top - scrollY - 64)}px` : "";
  }
  fit();
  addEventListener("resize", fit);
  const current = parts.sheets.querySelector("[aria-current]");
  if (current) parts.sheets.scrollLeft = current.offsetLeft - parts.sheets.offsetLeft - 8;

  // What others of this person's pages have left.
  const others = config.edits ? sync.elsewhere() : {};
  for (const sheet in others) {
    part("elsewhere").append(ledger.el("p", { class: "note warning" }, fill(words.kept_elsewhere, { count: others[sheet], sheet: config.titles[sheet] || sheet }), " ",
      ledger.el("a", { href: `${config.urls.page}?sheet=${sheet}` }, words.open)));
  }

  const lists = fetch(config.urls.codes, { credentials: "same-origin" }).then((answer) => answer.ok ? answer.json() : null).catch(() => null);
  let found = 0;
  try { found = await sync.start(); } catch { said.textContent = words.failed; notice.hidden = false; notice.className = "note error"; notice.textContent = words.failed; return; }
  view.start();
  const query = new URLSearchParams(location.search);
  if (query.get("row")) view.jump(Number(query.get("row")), query.get("column") || "");
  said.textContent = found ? fill(words.kept, { count: found }) : config.edits ? "" : words.read_only;
  parts.grid.setAttribute("aria-busy", "false");
  const known = await lists;
  if (known) { codes.load(known); view.redraw(); view.input.relist(); }
})();
