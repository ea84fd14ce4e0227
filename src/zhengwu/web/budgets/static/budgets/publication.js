// The preview follows what is typed: without this, a button shows it there.
"use strict";
(function () {
  const form = document.getElementById("reasons"), hold = document.getElementById("preview");
  if (!form || !hold) return;
  const PAUSE = 400;
  let waiting = 0, count = 0;

  // Asked for in a new frame, which takes the place of the old one when it is there: no flicker, no step in the history.
  function show(place) {
    for (const late of hold.querySelectorAll(".coming")) late.remove();
    const old = hold.querySelector("iframe"), frame = old.cloneNode();
    frame.removeAttribute("src");
    frame.name = `preview-${++count}`;
    frame.classList.add("coming");
    hold.append(frame);
    frame.addEventListener("load", () => { frame.classList.remove("coming"); old.remove(); }, { once: true });
    const sent = document.createElement("form");
    sent.method = "post";
    sent.action = `${form.dataset.preview}#${place}`;
    sent.target = frame.name;
    sent.hidden = true;
    for (const [name, value] of new FormData(form)) {
      const input = document.createElement("input");
      input.type = "hidden"; input.name = name; input.value = value;
      sent.append(input);
    }
    document.body.append(sent);
    sent.submit();
    sent.remove();
  }

  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => show(event.target.dataset.place), PAUSE);
  });

  // A gap of the preview, or what remains to be mended, leads to its field: to type at once.
  const begin = () => { const field = location.hash && document.getElementById(location.hash.slice(1)); if (field && form.contains(field)) field.focus(); };
  window.addEventListener("hashchange", begin);
  begin();
})();
