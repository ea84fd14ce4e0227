// The one place where cells are typed: a box over the active cell that has the focus all the time, so that letters,
// input methods, copy and paste reach it; invisible until something is typed. With a list of what may be chosen.
"use strict";
(function () {
  const ledger = window.zhengwu.ledger;
  const MOST = 60; // entries of a list that are shown

  ledger.Input = class {
    // "hooks": options(row, column, query) -> [{text, label, note}]; commit(row, column, text, direction); leave(); words
    constructor(parts, hooks) {
      this.line = parts.line; this.area = parts.area; this.list = parts.list; this.hooks = hooks;
      this.box = this.line; this.editing = false; this.at = null; this.shown = []; this.mark = -1;
      for (const box of [this.line, this.area]) {
        box.addEventListener("keydown", (event) => this._key(event));
        box.addEventListener("input", () => this._typed());
        box.addEventListener("compositionstart", () => { if (!this.editing) this._begin(false); });
        box.addEventListener("compositionend", () => this._typed());
        box.addEventListener("blur", () => { if (this.editing && !this.moving) this.commit(""); });
        for (const kind of ["mousedown", "mouseup", "click", "dblclick"]) box.addEventListener(kind, (event) => event.stopPropagation());
      }
      this.list.addEventListener("mousedown", (event) => {
        event.preventDefault();
        const item = event.target.closest("[role=option]");
        if (item) { this.mark = Number(item.dataset.at); this._pick(); this.commit("down"); }
      });
    }

    // Over the cell {row, column, node, label}; not yet typing.
    place(at) {
      if (this.editing) this.commit("");
      const box = at.column.type === "long" ? this.area : this.line;
      const focused = document.activeElement === this.box || !document.activeElement || document.activeElement === document.body;
      this.moving = true;
      this.at = at; this.box = box;
      this.line.hidden = box !== this.line; this.area.hidden = box !== this.area;
      this.lay();
      box.classList.toggle("n", at.column.type === "amount" || at.column.type === "count");
      box.inputMode = at.column.type === "amount" || at.column.type === "count" ? "decimal" : "text";
      box.value = "";
      box.setAttribute("aria-label", at.label);
      if (focused) this.focus();
      this.moving = false;
    }

    // Where the cell is now; out of sight while the cell is. A grid that draws its rows anew scrolls before it has told
    // of the new cell: then the old one is nowhere.
    lay() {
      if (!this.at || !this.at.node.isConnected) return;
      const cell = this.at.node.getBoundingClientRect(), hold = this.box.parentElement.getBoundingClientRect(), view = this.at.node.closest(".slick-viewport").getBoundingClientRect();
      const style = { left: cell.left - hold.left, top: cell.top - hold.top, width: cell.width, height: cell.height };
      for (const name in style) this.box.style[name] = `${style[name]}px`;
      this.box.classList.toggle("away", cell.bottom <= view.top || cell.top >= view.bottom || cell.right <= view.left || cell.left >= view.right);
      if (this.editing && !this.list.hidden) this._open();
    }

    focus() { this.box.focus({ preventScroll: true }); }

    // Typing begins, with the cell's text.
    edit(text) {
      if (this.box.readOnly || !this.at) return;
      this.box.value = text;
      this._begin(true);
      this.box.setSelectionRange(text.length, text.length);
    }

    _begin(whole) {
      this.editing = true;
      this.whole = whole; // an old text: the list shows everything until it changes
      this.box.classList.add("editing");
      this._offer();
    }

    // Codes came while a cell was already being typed: they are offered from then on.
    relist() { if (this.editing && !this.options) this._offer(); }

    _offer() {
      this.options = this.hooks.options(this.at.row, this.at.column);
      if (this.options) {
        this.box.setAttribute("role", "combobox");
        this.box.setAttribute("aria-autocomplete", "list");
        this.box.setAttribute("aria-controls", this.list.id);
        this._filter();
      }
    }

    _typed() {
      if (!this.editing) this._begin(false); else { this.whole = false; if (this.options) this._filter(); }
    }

    commit(direction) {
      if (!this.editing) return;
      const { row, column } = this.at;
      const text = this.box.value;
      this._end();
      this.hooks.commit(row, column, text, direction);
    }

    cancel() { this._end(); this.focus(); this.hooks.cancelled(); }

    _end() {
      this.editing = false;
      this.box.value = "";
      this.box.classList.remove("editing");
      for (const name of ["role", "aria-autocomplete", "aria-controls", "aria-expanded", "aria-activedescendant"]) this.box.removeAttribute(name);
      this.list.hidden = true;
      this.options = null;
    }

    _filter() {
      const query = this.whole ? "" : this.box.value;
      this.shown = this.options(query).slice(0, MOST);
      const given = this.box.value.trim().toLowerCase();
      const exact = this.shown.findIndex((one) => one.text.toLowerCase() === given);
      // A list that is only a help leaves what is typed as it is, unless an entry is chosen.
      this.mark = exact >= 0 ? exact : this.whole || !given || this.at.column.free ? -1 : 0;
      this.list.replaceChildren(...this.shown.map((one, at) => {
        const item = document.createElement("li");
        item.id = `${this.list.id}-${at}`; item.dataset.at = at;
        item.setAttribute("role", "option");
        item.append(one.label);
        if (one.note) { const note = document.createElement("span"); note.className = "muted small"; note.textContent = one.note; item.append(" ", note); }
        return item;
      }));
      if (!this.shown.length) { const none = document.createElement("li"); none.className = "muted"; none.setAttribute("role", "option"); none.setAttribute("aria-disabled", "true"); none.textContent = this.hooks.words.no_match; this.list.append(none); }
      this._open();
      this._marked();
    }

    _open() {
      this.list.hidden = false;
      const box = this.box.getBoundingClientRect();
      const below = innerHeight - box.bottom - 8, above = box.top - 8, tall = Math.min(320, this.list.scrollHeight + 4);
      const up = below < Math.min(tall, 160) && above > below;
      Object.assign(this.list.style, {
        left: `${Math.max(4, Math.min(box.left, innerWidth - Math.max(box.width, 320) - 4))}px`, minWidth: `${box.width}px`,
        maxHeight: `${Math.min(320, up ? above : below)}px`, top: up ? "auto" : `${box.bottom + 2}px`, bottom: up ? `${innerHeight - box.top + 2}px` : "auto",
      });
      this.box.setAttribute("aria-expanded", "true");
    }

    _marked() {
      [...this.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === this.mark && this.shown.length > 0)));
      const item = this.shown.length ? this.list.children[this.mark] : null;
      if (item) { this.box.setAttribute("aria-activedescendant", item.id); item.scrollIntoView({ block: "nearest" }); } else this.box.removeAttribute("aria-activedescendant");
    }

    _pick() {
      const chosen = !this.list.hidden && this.shown[this.mark];
      if (chosen) this.box.value = chosen.text;
    }

    _key(event) {
      if (event.isComposing) return;
      if (!this.editing) { this.hooks.key(event); return; }
      event.stopPropagation();
      const listed = this.options && !this.list.hidden;
      const long = this.at.column.type === "long";
      if (event.key === "Escape") { event.preventDefault(); this.cancel(); }
      else if (event.key === "Enter" && (event.altKey || event.shiftKey) && long) { event.preventDefault(); this.box.setRangeText("\n", this.box.selectionStart, this.box.selectionEnd, "end"); }
      else if (event.key === "Enter") { event.preventDefault(); this._pick(); this.commit(event.shiftKey ? "up" : "down"); }
      else if (event.key === "Tab") { event.preventDefault(); this._pick(); this.commit(event.shiftKey ? "previous" : "next"); }
      else if (listed && ["ArrowDown", "ArrowUp", "PageDown", "PageUp"].includes(event.key)) {
        event.preventDefault();
        const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
        this.mark = Math.max(0, Math.min(this.shown.length - 1, this.mark + by));
        this._marked();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !long && !this.whole) { event.preventDefault(); this.commit(event.key === "ArrowDown" ? "down" : "up"); }
    }
  };
})();
