// The grid on the page: SlickGrid draws the rows that are in sight; keys, the clipboard and the box are here.
"use strict";
(function () {
  const ledger = window.zhengwu.ledger;
  const { fill, shown } = ledger;
  const ROW = 30, HEAD = 32, GUTTER = 52, FRESH = 6000;
  const MOST_CODE = 260, BESIDE = 20; // how wide codes make a column; what a cell has beside its text
  const escape = (text) => String(text).replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
  const RIGHT = new Set(["amount", "count", "year", "score"]);

  ledger.View = class {
    constructor(config, store, codes, parts) {
      Object.assign(this, { config, store, codes, parts, words: config.words, edits: config.edits });
      this.faults = new Map(); // key of a row -> {column: [sentences]}
      this.remarks = new Map(); // the same of remarks
      this.onmove = () => {}; this.onsay = () => {}; this.onchange = () => {}; this.onleave = () => {};
      for (const column of store.columns) column.free = Boolean(column.list);
      const data = { getLength: () => store.view.length + (this.edits ? 1 : 0), getItem: (at) => store.view[at] || PLACE };
      this.grid = new window.Slick.Grid(parts.grid, data, this._columns(), {
        rowHeight: ROW, headerRowHeight: HEAD, enableColumnReorder: false, editable: false, enableAddRow: false,
        explicitInitialization: true, selectedCellCssClass: "selected", minRowBuffer: 8, suppressCssChangesOnHiddenInit: true,
      });
      const decorator = new window.Slick.CellRangeDecorator(this.grid, { selectionCssClass: "ledger-range", selectionCss: {}, copyToSelectionCss: {} });
      this.selector = new window.Slick.CellRangeSelector({ cellDecorator: decorator, selectionCss: {} });
      // A finger scrolls; it does not select.
      this.grid.onDragInit.subscribe((event, given) => { const native = event.getNativeEvent ? event.getNativeEvent() : event; if (native && native.touches) event.stopImmediatePropagation(); });
      this.selection = new window.Slick.CellSelectionModel({ cellRangeSelector: this.selector });
      this.grid.setSelectionModel(this.selection);
      this.grid.onActiveCellChanged.subscribe((_event, at) => { this.leaving = false; this._moved(at); });
      this.selection.onSelectedRangesChanged.subscribe(() => this._selected());
      this.grid.onClick.subscribe((event, at) => { if (this.extending) event.stopImmediatePropagation(); else if (at.cell === 0) { event.stopImmediatePropagation(); this._wholeRow(at.row); } });
      this.grid.onDblClick.subscribe((_event, at) => { if (at.cell > 0) this.editCell(); });
      this.input = new ledger.Input(parts, {
        words: this.words, key: (event) => this._key(event), cancelled: () => this._moved(this.grid.getActiveCell()),
        options: (row, column) => codes.options(column, (key) => { const other = store.column[key]; return other ? row === PLACE ? store.blank[other.at] : this._meant(row, other) : ""; }),
        commit: (row, column, text, direction) => this._commit(row, column, text, direction),
      });
      for (const box of [parts.line, parts.area]) {
        box.readOnly = !this.edits;
        box.addEventListener("copy", (event) => this._copy(event, false));
        box.addEventListener("cut", (event) => this._copy(event, true));
        box.addEventListener("paste", (event) => this._paste(event));
        box.addEventListener("blur", () => { this.leaving = false; });
      }
      this.grid.onScroll.subscribe(() => this.input.lay());
      addEventListener("scroll", () => { if (this.input.editing) this.input.lay(); }, { passive: true });
      // The focus and the caret stay in the box, whatever is clicked.
      this.grid.setFocus = () => this.input.focus();
      this.grid.getTextSelection = this.grid.setTextSelection = () => null;
      parts.grid.addEventListener("focusin", (event) => { if (event.target.matches(".slick-cell") && event.relatedTarget !== this.input.box) this.input.focus(); });
      parts.grid.addEventListener("mousedown", (event) => { if (event.target.closest(".slick-cell")) { event.preventDefault(); this.input.focus(); this._pressed(event); } });
    }

    start() {
      const room = this.parts.grid.clientWidth - 18 - GUTTER;
      this._roomForCodes();
      const sum = (name) => this.store.columns.reduce((all, one) => all + one[name], 0);
      const [wide, least] = [sum("width"), sum("least")];
      if (wide < room) { // the columns of words take what is left
        const growing = this.store.columns.filter((one) => !RIGHT.has(one.type)).length || 1;
        this.grid.setColumns(this._columns((one) => one.width + (RIGHT.has(one.type) ? 0 : Math.floor((room - wide) / growing))));
      } else if (least < wide) { // all in sight, if they can be read then
        const share = Math.max(0, (room - least) / (wide - least));
        this.grid.setColumns(this._columns((one) => Math.floor(one.least + share * (one.width - one.least))));
      }
      this.grid.init();
      for (const one of this.parts.grid.querySelectorAll("[tabindex]:not(.slick-cell)")) one.removeAttribute("tabindex");
      this._roles();
      this.grid.setActiveCell(0, 1);
      new ResizeObserver(() => { this.grid.resizeCanvas(); this._counts(); }).observe(this.parts.grid);
      this.store.onchange = (rows, moved) => this.changed(rows, moved);
      this._counts();
    }

    // A code that is cut off hides the digits that tell it from the next one.
    _roomForCodes() {
      const pen = document.createElement("canvas").getContext("2d"), style = getComputedStyle(this.parts.grid);
      pen.font = `${style.fontSize} ${style.fontFamily}`;
      for (const column of this.store.columns) {
        if (column.type !== "code") continue;
        const all = [this.store.blank[column.at], ...this.store.rows.map((row) => row.values[column.at])].map((one) => String(one ?? ""));
        const longest = all.reduce((most, one) => one.length > most.length ? one : most, "");
        column.least = Math.min(MOST_CODE, Math.max(column.least, Math.ceil(pen.measureText(longest).width) + BESIDE));
        column.width = Math.max(column.width, column.least);
      }
    }

    // One grid for who listens: a head and a body, with the rows counted.
    _roles() {
      const grid = this.parts.grid;
      grid.setAttribute("aria-label", this.config.titles[this.config.sheet]);
      if (!this.edits) grid.setAttribute("aria-readonly", "true");
      grid.setAttribute("aria-colcount", String(this.store.columns.length + 1));
      for (const one of grid.querySelectorAll(".slick-header-columns-right")) one.removeAttribute("role");
      for (const one of grid.querySelectorAll(".slick-viewport-top.slick-viewport-left")) one.setAttribute("role", "rowgroup");
    }

    _counts() { this.parts.grid.setAttribute("aria-rowcount", String(this.store.view.length + 1)); }

    _columns(width = (one) => one.width) {
      const cells = this.store.columns.map((column) => ({
        id: column.key, field: column.key, name: escape(column.title) + (column.required ? ' <span class="required" aria-hidden="true">*</span>' : ""),
        toolTip: column.help || column.title, width: width(column), minWidth: 50, cssClass: RIGHT.has(column.type) ? "n" : "", headerCssClass: RIGHT.has(column.type) ? "n" : "",
        formatter: (_at, _cell, _value, _column, row) => this._cell(row, column), ledger: column,
      }));
      const number = { id: "#", field: "#", name: "1", width: GUTTER, resizable: false, selectable: false, focusable: false, cssClass: "gutter", headerCssClass: "gutter",
        formatter: (_at, _cell, _value, _column, row) => this._gutter(row) };
      return [number, ...cells];
    }

    _gutter(row) {
      if (row === PLACE) return { html: "＋", addClasses: "muted" };
      const bad = row.told || row.theirs[""] || this._marks(row, "");
      return { html: `${row.number}${bad ? " ⚠" : ""}`, addClasses: bad ? "bad" : row.key === null || this.store.waits(row) ? "waits" : "" };
    }

    _cell(row, column) {
      if (row === PLACE) return "";
      const mine = row.mine[column.key];
      const value = this.store.value(row, column);
      let html = escape(shown(column, value));
      if (ledger.CODES.has(column.type) && value) { const name = this.codes.name(column.type, value); if (name) html += ` <span class="name">${escape(name)}</span>`; }
      const classes = [];
      if (column.key in row.theirs) classes.push("against");
      else if (column.key in row.wrong) classes.push("refused");
      else if (this._marks(row, column.key)) classes.push("bad");
      if (this.remarks.get(row.key)?.[column.key]) classes.push("remarked");
      if (mine) classes.push("waits");
      if (row.fresh && row.fresh.has(column.key)) classes.push("fresh");
      return classes.length ? { html: html || " ", addClasses: classes.join(" ") } : html;
    }

    // Something is otherwise than it was drawn.
    changed(rows, moved) {
      const active = this.grid.getActiveCell();
      const row = active && this.drawn;
      if (moved) {
        this.grid.updateRowCount();
        this.grid.invalidateAllRows();
        this.grid.render();
        this._counts();
        // The chosen cell stays with its row, wherever that went.
        if (active && !this.input.editing) {
          let at = row && row !== PLACE ? this.store.view.indexOf(row) : active.row;
          if (at < 0) at = Math.min(active.row, this.last());
          if (at !== active.row || this.grid.getActiveCellNode() === null) this.go(at, active.cell, false);
        }
        this._redrawn(false);
      } else {
        const there = new Set(rows);
        const { top, bottom } = this.grid.getRenderedRange();
        const lines = [];
        for (let at = top; at <= bottom; at += 1) if (there.has(this.store.view[at])) lines.push(at);
        this.grid.invalidateRows(lines);
        this.grid.render();
        if (active && there.has(this.item(active.row))) this._redrawn(false);
      }
      const fresh = rows.filter((one) => one.fresh);
      if (fresh.length) setTimeout(() => { for (const one of fresh) one.fresh = null; this.redraw(); }, FRESH);
      this.onchange();
    }

    redraw() { this.grid.invalidateAllRows(); this.grid.render(); this._redrawn(true); }

    last() { return this.store.view.length - (this.edits ? 0 : 1); }
    item(at) { return this.store.view[at] || PLACE; }
    active() {
      const at = this.grid.getActiveCell();
      return at && at.cell > 0 ? { at: at.row, row: this.item(at.row), column: this.store.columns[at.cell - 1] } : null;
    }

    // The place in words, as the audit names it.
    place(row, column) { return `${row === PLACE ? this.words.new_row : fill(this.words.row, { row: row.number })} · ${column.title}`; }

    // What the audit has against a cell; nothing where it only sees none of what was typed, since that was refused.
    _marks(row, key) { return this.store.unread(row, key) ? undefined : this.faults.get(row.key)?.[key]; }

    // Everything that is to be said of a cell.
    told(row, column) {
      if (row === PLACE) return [];
      const said = [];
      if (row.told) said.push(row.told);
      if (row.wrong[column.key]) said.push(fill(this.words.wrong, { sentence: row.wrong[column.key] }));
      said.push(...this._marks(row, column.key) || [], ...this._marks(row, "") || []);
      const remarks = this.remarks.get(row.key);
      if (remarks) said.push(...(remarks[column.key] || []), ...(remarks[""] || []));
      return said;
    }

    // A cell is chosen as the button goes down: if it is drawn anew before the button comes up, there is no click. With
    // Shift everything up to it is selected; by the number of a row, whole rows.
    _pressed(event) {
      const at = event.button === 0 && this.grid.getCellFromEvent(event), from = this.grid.getActiveCell();
      this.extending = Boolean(at && from && event.shiftKey && !this.input.editing);
      if (this.extending) this.selection.setSelectedRanges([new window.Slick.Range(from.row, at.cell ? from.cell : 1, at.row, at.cell || this.store.columns.length)]);
      else if (at && at.cell > 0) this.grid.setActiveCellInternal(this.grid.getCellNode(at.row, at.cell)); // nothing scrolls under the pointer
    }

    _moved(at, quiet) {
      const node = this.grid.getActiveCellNode();
      if (!at || !node || at.cell === 0) return;
      const row = this.item(at.row), column = this.store.columns[at.cell - 1];
      this.drawn = row;
      this._stop(node);
      this.input.place({ row, column, node, label: this.place(row, column) });
      if (!quiet) this.onmove(row, column);
    }

    // By Tab one comes to the chosen cell and so to the box; from the box back over the cell to what is before it.
    _stop(node) {
      if (this.stop) this.stop.tabIndex = -1;
      this.stop = node;
      node.tabIndex = 0;
    }

    // The chosen cell was drawn anew.
    _redrawn(quiet) {
      const node = this.grid.getActiveCellNode();
      if (!node) return;
      if (!this.input.editing) { this._moved(this.grid.getActiveCell(), quiet); return; }
      this._stop(node);
      this.input.at.node = node;
      this.input.lay();
    }

    go(at, cell, focus = true) {
      if (at < 0) return;
      this.grid.scrollCellIntoView(at, cell);
      this.grid.setActiveCell(at, cell);
      if (focus) this.input.focus();
    }

    // To a cell that is named by the keys of its row and column.
    jump(key, columnKey) { return this.show(this.store.byKey.get(key), columnKey); }

    show(row, columnKey) {
      let at = this.store.view.indexOf(row);
      if (at < 0 && this.store.filter) { this.parts.find.value = ""; this.find(""); at = this.store.view.indexOf(row); }
      if (at < 0) return false;
      this.go(at, columnKey in this.store.column ? this.store.column[columnKey].at + 1 : 1);
      return true;
    }

    find(text) {
      this.store.filter = text;
      this.store.refresh();
      this.changed([], true);
      this.onsay(text ? fill(this.words.found, { count: this.store.view.length, all: this.store.count }) : "");
    }

    // Typing.

    editCell() {
      const here = this.active();
      if (here && this.edits) this.input.edit(here.row === PLACE ? "" : this.store.text(here.row, here.column));
    }

    _commit(row, column, text, direction) {
      const edits = [{ row, column, text }];
      const made = [];
      if (row === PLACE) {
        if (text.trim() === "") { this._step(direction); return; }
        edits[0].row = this.store.fresh();
        made.push(edits[0].row);
      }
      this.store.change([...edits, ...this._completed(edits[0].row, column, text, false)], made);
      this._moved(this.grid.getActiveCell());
      this._step(direction);
    }

    // With a departmental code goes its government code, where only one is allowed.
    _completed(row, column, text, given) {
      if (column.key !== "departmental" || given || !this.store.column.government) return [];
      const government = this.store.column.government;
      const code = ledger.meant(column, text);
      const unit = this.store.column.unit ? this.store.value(row, this.store.column.unit) : "";
      const valid = code && this.codes.government(code, unit);
      if (!valid || valid.length !== 1 || valid.includes(this._meant(row, government))) return [];
      return [{ row, column: government, text: valid[0] }];
    }

    // The code that a cell has, or will have if the server takes it with the name behind it.
    _meant(row, column) {
      const value = this.store.value(row, column);
      return ledger.CODES.has(column.type) ? ledger.meant(column, value ?? "") : value;
    }

    _step(direction) {
      if (direction === "down") this.grid.navigateDown();
      else if (direction === "up") this.grid.navigateUp();
      else if (direction === "next") this.grid.navigateNext();
      else if (direction === "previous") this.grid.navigatePrev();
      if (direction) this.input.focus();
    }

    // Keys, while nothing is typed. What is left alone goes to SlickGrid, which moves and selects.
    _key(event) {
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const take = (action) => { event.preventDefault(); event.stopPropagation(); action(); };
      if (!["Escape", "Shift", "Tab"].includes(key)) this.leaving = false;
      if (key === "Enter" || key === "F2" || (key === "ArrowDown" && event.altKey)) take(() => this.editCell());
      else if (command && key === "Delete") take(() => this.removeRows());
      else if (key === "Delete" || key === "Backspace") take(() => this.clear());
      else if (command && key === "z" && !event.shiftKey) take(() => this.undo());
      else if (command && (key === "y" || key === "z")) take(() => this.redo());
      else if (command && key === "a") take(() => this.selection.setSelectedRanges([new window.Slick.Range(0, 1, Math.max(0, this.store.view.length - 1), this.store.columns.length)]));
      else if (command && key === "d") take(() => this.fillDown());
      else if (command && key === "f") take(() => this.parts.find.focus());
      else if (key === "F8") take(() => this.nextFault(event.shiftKey ? -1 : 1));
      else if (key === "F6") take(() => this.onleave());
      else if (key === "Escape") take(() => { this.leaving = true; });
      else if (key === "Tab" && this.leaving) return; // the browser goes on to what follows
      else if (key === "Tab" || event.key.startsWith("Arrow") || ["Home", "End", "PageUp", "PageDown"].includes(key)) this.grid.handleKeyDown(event);
    }

    undo() { this._undone(this.store.undo(), "undone", "nothing_undo"); }
    redo() { this._undone(this.store.redo(), "redone", "nothing_redo"); }
    _undone(left, done, nothing) { this.onsay(left === null ? this.words[nothing] : left ? fill(this.words.undo_left, { count: left }) : this.words[done]); }

    // Blocks.

    ranges() {
      const found = this.selection.getSelectedRanges();
      const active = this.grid.getActiveCell();
      const list = found.length ? found : active ? [new window.Slick.Range(active.row, active.cell)] : [];
      return list.map((one) => ({ top: one.fromRow, bottom: one.toRow, left: Math.max(1, one.fromCell), right: Math.max(1, one.toCell) }));
    }

    chosenRows() {
      const found = new Set();
      for (const one of this.ranges()) for (let at = one.top; at <= Math.min(one.bottom, this.store.view.length - 1); at += 1) found.add(this.store.view[at]);
      return [...found];
    }

    _wholeRow(at) { this.go(at, 1); this.selection.setSelectedRanges([new window.Slick.Range(at, 1, at, this.store.columns.length)]); }

    _selected() {
      let cells = 0, sum = 0;
      for (const one of this.ranges()) {
        const bottom = Math.min(one.bottom, this.store.view.length - 1);
        cells += (bottom - one.top + 1) * (one.right - one.left + 1);
        for (let cell = one.left; cell <= one.right; cell += 1) {
          const column = this.store.columns[cell - 1];
          if (column.type !== "amount") continue;
          for (let at = one.top; at <= bottom; at += 1) { const value = this.store.value(this.store.view[at], column); if (typeof value === "number") sum += value; }
        }
      }
      this.parts.selected.textContent = cells > 1 ? fill(this.words.selected, { cells, sum: ledger.money(sum) }) : "";
    }

    clear() {
      if (!this.edits) return;
      const edits = [];
      for (const one of this.ranges()) {
        for (let at = one.top; at <= Math.min(one.bottom, this.store.view.length - 1); at += 1)
          for (let cell = one.left; cell <= one.right; cell += 1) edits.push({ row: this.store.view[at], column: this.store.columns[cell - 1], text: "" });
      }
      this.store.change(edits);
    }

    fillDown() {
      if (!this.edits) return;
      const edits = [];
      for (const one of this.ranges()) {
        for (let cell = one.left; cell <= one.right; cell += 1) {
          const column = this.store.columns[cell - 1];
          for (let at = one.top + 1; at <= Math.min(one.bottom, this.store.view.length - 1); at += 1) edits.push({ row: this.store.view[at], column, text: this.store.text(this.store.view[one.top], column) });
        }
      }
      this.store.change(edits);
    }

    removeRows() {
      if (!this.edits) return;
      const rows = this.chosenRows();
      if (!rows.length) { this.onsay(this.words.no_rows); return; }
      this.store.remove(rows);
      this.onsay(fill(this.words.removed, { count: rows.length }));
    }

    _copy(event, cut) {
      if (this.input.editing) return;
      event.preventDefault();
      const one = this.ranges().at(-1);
      if (!one) return;
      const rows = [];
      for (let at = one.top; at <= Math.min(one.bottom, this.store.view.length - 1); at += 1)
        rows.push(this.store.columns.slice(one.left - 1, one.right).map((column) => this._copied(this.store.view[at], column)));
      event.clipboardData.setData("text/plain", ledger.lines(rows));
      this.onsay(fill(this.words.copied, { rows: rows.length, columns: one.right - one.left + 1 }));
      if (cut) this.clear();
    }

    _copied(row, column) {
      const text = this.store.text(row, column);
      const name = ledger.CODES.has(column.type) && text ? this.codes.name(column.type, String(this.store.value(row, column))) : "";
      return name && !text.includes(name) ? `${text} ${name}` : text;
    }

    _paste(event) {
      if (this.input.editing) return;
      event.preventDefault();
      const text = event.clipboardData.getData("text/plain");
      if (!this.edits) { this.onsay(this.words.read_only); return; }
      if (text) this.paste(text);
    }

    paste(text) {
      const range = this.ranges().at(-1);
      if (!range) return;
      let given = ledger.block(text);
      const titles = given.length > 1 ? ledger.titled(this.store.columns, given[0]) : null;
      if (titles?.foreign) { this.onsay(fill(this.words.foreign_unit, { title: titles.foreign })); return; }
      if (titles) given = given.slice(1);
      // One value fills all that is chosen.
      if (given.length === 1 && given[0].length === 1 && (range.bottom > range.top || range.right > range.left)) {
        given = Array.from({ length: range.bottom - range.top + 1 }, () => Array(range.right - range.left + 1).fill(given[0][0]));
      }
      const edits = [], made = [], rows = [], left = new Set(titles?.left);
      let cut = false;
      for (const cells of given) {
        let row = this.store.view[range.top + rows.length];
        if (!row) {
          if (cells.every((one) => one.trim() === "")) continue;
          row = this.store.fresh();
          made.push(row);
        }
        rows.push(row);
        let government = false, departmental = null;
        cells.forEach((one, across) => {
          const column = titles ? titles.columns[across] : this.store.columns[range.left - 1 + across];
          if (!column) {
            if (titles && !titles.titled[across] && one.trim()) left.add(this.words.untitled);
            cut = cut || !titles && one.trim() !== "";
            return;
          }
          edits.push({ row, column, text: column.type === "long" ? one : one.trim() });
          if (column.key === "government") government = true;
          if (column.key === "departmental") departmental = { column, text: one };
        });
        if (departmental && !government && !this.store.value(row, this.store.column.government)) edits.push(...this._completed(row, departmental.column, departmental.text, false));
      }
      if (!rows.length) return;
      this.store.change(edits, made);
      const first = titles ? 1 : range.left, wide = Math.max(...given.map((one) => one.length));
      const last = titles ? this.store.columns.length : Math.min(this.store.columns.length, range.left + wide - 1);
      this.selection.setSelectedRanges([new window.Slick.Range(range.top, first, range.top + rows.length - 1, last)]);
      const columns = titles ? titles.columns.filter(Boolean).length : last - first + 1;
      this.onsay([fill(this.words.pasted, { rows: rows.length, columns }), titles && this.words.header_used,
        left.size && fill(this.words.left_out, { titles: new Intl.ListFormat(this.config.language).format(left) }), cut && this.words.cut_off].filter(Boolean).join(" "));
    }

    // Faults.

    mark(faults, remarks) {
      this.faults = marks(faults.filter((one) => one[0] === this.config.sheet && one[1]).map((one) => [one[1], one[2], one[4]]));
      this.remarks = marks(remarks.filter((one) => one[0] === this.config.sheet && one[1]).map((one) => [one[1], one[2], fill(this.words.remark, { who: one[4], text: one[3] })]));
      this.redraw();
    }

    nextFault(by) {
      const places = [];
      this.store.view.forEach((row, at) => {
        const columns = this.store.columns.filter((one) => row.wrong[one.key] || row.theirs[one.key] || this._marks(row, one.key));
        if (!columns.length && (row.told || row.theirs[""] || this._marks(row, ""))) columns.push(this.store.columns[0]);
        for (const column of columns) places.push({ at, cell: column.at + 1, row, column });
      });
      if (!places.length) { this.onsay(this.words.fault_no); return; }
      const here = this.grid.getActiveCell() || { row: -1, cell: 0 };
      const order = (one) => (one.at - here.row) || (one.cell - here.cell);
      const ahead = by > 0 ? places.findIndex((one) => order(one) > 0) : places.findLastIndex((one) => order(one) < 0);
      const number = ahead >= 0 ? ahead : by > 0 ? 0 : places.length - 1;
      const found = places[number];
      this.go(found.at, found.cell);
      this.onsay(fill(this.words.fault_next, { number: number + 1, count: places.length, sentence: this.told(found.row, found.column).join(" ") }));
    }
  };

  const PLACE = ledger.PLACE = Object.freeze({ key: undefined, mine: {}, wrong: {}, theirs: {}, values: [] }); // where a new row is begun

  function marks(listed) {
    const found = new Map();
    for (const [key, column, text] of listed) {
      if (!found.has(key)) found.set(key, {});
      (found.get(key)[column] ||= []).push(text);
    }
    return found;
  }
})();
