// Progressive enhancement only: every page works without this file.
//
// For colleagues:
//   data-key="j"         a key that clicks this link or button (or focuses this field), where nobody is typing
//   data-confirm="..."   a question before a form is sent
//   data-auto            a form that sends itself when one of its fields is changed by a pointer
//   data-percent="12.5"  the width of a .bar > .part
//   zhengwu.onKey(key, action)   a key for a script of your own
"use strict";
(function () {
  const actions = new Map();
  const typing = (target) => target.closest && target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  window.zhengwu = { onKey: (key, action) => actions.set(key, action) };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const own = actions.get(event.key);
    if (own) { own(event); return; }
    for (const item of document.querySelectorAll("[data-key]")) {
      if (item.dataset.key !== event.key || item.disabled || item.offsetParent === null) continue;
      event.preventDefault();
      if (item.matches("input, select, textarea")) item.focus(); else item.click();
      return;
    }
  });

  document.addEventListener("submit", (event) => {
    const question = (event.submitter && event.submitter.dataset.confirm) || event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    // Whoever moves through a list of choices by arrow keys has not chosen yet: they press the button.
    if (form && "auto" in form.dataset && !event.target.matches(":focus-visible")) form.requestSubmit();
  });

  function widths(root) {
    for (const part of root.querySelectorAll("[data-percent]")) part.style.width = part.dataset.percent + "%";
  }
  widths(document);
  document.addEventListener("htmx:afterSwap", (event) => widths(event.target));

  // The token of Django's forms for requests that htmx sends from outside a form.
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.value;
  });

  // A refusal (4xx) is shown where the answer would have gone: it is a page or a part of one with its sentence.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr.status;
    if (status === 409 || status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });

  // What is pressed stays until it is let go, or there would be no click: a part of a page that is asked for again and
  // again comes the next time.
  let pressed = null;
  document.addEventListener("pointerdown", (event) => { pressed = event.target; });
  for (const kind of ["pointerup", "pointercancel"]) document.addEventListener(kind, () => setTimeout(() => { pressed = null; }));
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.target;
    if (pressed && part.contains(pressed) && (part.getAttribute("hx-trigger") || "").startsWith("every ")) event.detail.shouldSwap = false;
  });

  const bad = document.querySelector(".field.bad input, .field.bad select, .field.bad textarea");
  if (bad) bad.focus();
})();
