// The desk's conveniences. j, k, a, d and c are the data-key of links, buttons and fields (common/app.js).
"use strict";
(function () {
  const current = document.querySelector(".finding-list .current");
  const list = current && current.closest(".finding-list");
  if (list) list.scrollTop = current.offsetTop - list.offsetTop - list.clientHeight / 3;

  // The page comes into sight at its first mark.
  const place = document.querySelector(".desk-place");
  const picture = place && place.querySelector(".sheet img");
  const toMark = () => {
    const mark = place.querySelector(".place-mark:not(.other)");
    if (mark && place.scrollHeight > place.clientHeight) place.scrollTop = mark.offsetTop - place.clientHeight / 3;
  };
  if (picture) { if (picture.complete) toMark(); else picture.addEventListener("load", toMark); }

  // An amount's relations come beside the table; the table stays where it is.
  const sheet = document.querySelector(".map-sheet");
  if (sheet && window.htmx) sheet.addEventListener("click", (event) => {
    const amount = event.target.closest("a[href*='amount=']");
    if (!amount || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    window.htmx.ajax("GET", amount.href.split("#")[0], { target: "#relations", select: "#relations > *", swap: "innerHTML" });
    for (const before of sheet.querySelectorAll("a.chosen")) { before.classList.remove("chosen"); before.removeAttribute("aria-current"); }
    amount.classList.add("chosen");
    amount.setAttribute("aria-current", "true");
    history.replaceState(null, "", amount.href);
  });

  document.addEventListener("keydown", (event) => {
    if (!event.target.matches("textarea")) return;
    if (event.key === "Escape") event.target.blur();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form.requestSubmit();
  });

  // One menu at a time; Escape closes it.
  const menus = [...document.querySelectorAll("details.menu")];
  for (const menu of menus) menu.addEventListener("toggle", () => { if (menu.open) for (const other of menus) if (other !== menu) other.open = false; });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") for (const menu of menus) menu.open = false; });
})();
