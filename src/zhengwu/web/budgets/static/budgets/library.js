// The project library: rows added in place, ranking by dragging and by the buttons without a reload. Without this file
// both work too, by a request each.
"use strict";
(function () {
  // --- rows -----------------------------------------------------------------------------------------------------
  for (const button of document.querySelectorAll("[data-add-row]")) {
    const prefix = button.dataset.addRow;
    const table = document.querySelector(`table[data-rows="${prefix}"]`);
    const total = document.querySelector(`input[name="${prefix}-TOTAL_FORMS"]`);
    if (!table || !total) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const number = Number(total.value);
      const row = table.tBodies[0].lastElementChild.cloneNode(true);
      for (const problem of row.querySelectorAll(".problem, [id$=_error]")) problem.remove();
      for (const cell of row.querySelectorAll(".bad")) cell.classList.remove("bad");
      for (const field of row.querySelectorAll("input, select, textarea")) {
        for (const name of ["name", "id"]) field[name] = field[name].replace(/-\d+-/, `-${number}-`);
        const label = field.getAttribute("aria-label");
        if (label) field.setAttribute("aria-label", label.replace(/\d+$/, number + 1));
        field.removeAttribute("aria-describedby");
        field.removeAttribute("aria-invalid");
        field.value = "";
      }
      table.tBodies[0].append(row);
      total.value = number + 1;
      const first = row.querySelector("select, textarea, input:not(.order)");
      if (first) first.focus();
    });
  }

  // --- ranking --------------------------------------------------------------------------------------------------
  const list = document.querySelector("[data-ranking]");
  if (!list) return;
  const said = document.querySelector("[data-said]");
  const note = document.querySelector("[data-unsaved-note]");
  let dragged = null;
  let unsaved = false;

  function settled(item) {
    const items = [...list.children];
    items.forEach((one, place) => {
      one.querySelector(".rank").textContent = place + 1;
      one.querySelector("[name=up]").disabled = place === 0;
      one.querySelector("[name=down]").disabled = place === items.length - 1;
    });
    unsaved = true;
    note.textContent = list.dataset.unsaved;
    note.hidden = false;
    said.textContent = list.dataset.moved
      .replace("{name}", item.querySelector(".what a").textContent).replace("{number}", items.indexOf(item) + 1);
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=up], button[name=down]");
    if (!button) return;
    event.preventDefault();
    const item = button.closest("li");
    const up = button.name === "up";
    const other = up ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (up) other.before(item); else other.after(item);
    settled(item);
    // The button that cannot go on loses the focus to its twin, so that the keyboard stays in the row.
    (button.disabled ? item.querySelector(`[name=${up ? "down" : "up"}]`) : button).focus();
  });

  for (const item of list.children) {
    item.draggable = true;
    item.addEventListener("dragstart", (event) => {
      dragged = item;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", item.id);
      item.classList.add("dragged");
    });
    item.addEventListener("dragend", () => { item.classList.remove("dragged"); if (dragged) settled(item); dragged = null; });
    item.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      if (dragged === item) return;
      const box = item.getBoundingClientRect();
      if (event.clientY < box.top + box.height / 2) item.before(dragged); else item.after(dragged);
    });
    item.addEventListener("drop", (event) => event.preventDefault());
  }

  list.closest("form").addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
})();
