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

  const chosen = document.querySelector(".map-sheet a.chosen");
  if (chosen) chosen.scrollIntoView({ block: "nearest", inline: "nearest" });

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
