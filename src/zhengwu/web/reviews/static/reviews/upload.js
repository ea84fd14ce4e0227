// Drag and drop, one file a request: each shows how far it is. Without this file the form sends all at once.
"use strict";
(function () {
  const form = document.getElementById("upload");
  if (!form || !window.FormData) return;
  const input = form.querySelector("input[type=file]");
  const sending = form.querySelector(".sending");
  const button = form.querySelector("button");
  form.querySelector(".drop-hint").hidden = false;

  function sent(file, first, row) {
    return new Promise((done) => {
      const bar = row.querySelector("progress");
      const said = row.querySelector("span");
      const request = new XMLHttpRequest();
      request.open("POST", form.action || location.href);
      request.setRequestHeader("X-Zhengwu-Upload", "1");
      request.setRequestHeader("X-CSRFToken", form.querySelector("[name=csrfmiddlewaretoken]").value);
      request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
      request.addEventListener("loadend", () => {
        let answer = null;
        try { answer = JSON.parse(request.responseText); } catch { answer = null; }
        bar.remove();
        if (!answer) said.textContent = form.dataset.failed;
        else if (answer.taken || answer.refused.every((one) => one.name)) row.remove(); // the list below says the rest
        else said.textContent = answer.refused.map((one) => one.reason).join(" ");
        done();
      });
      const data = new FormData();
      data.append("files", file);
      if (first) data.append("first", "1");
      request.send(data);
    });
  }

  async function sendAll(files) {
    sending.replaceChildren();
    if (files.length > Number(form.dataset.most)) {
      const row = document.createElement("li");
      row.textContent = form.dataset.many;
      sending.append(row);
      return;
    }
    button.disabled = true;
    const rows = files.map((file) => {
      const row = document.createElement("li");
      const name = document.createElement("strong");
      name.textContent = file.name;
      const bar = document.createElement("progress");
      bar.setAttribute("aria-label", file.name);
      const said = document.createElement("span");
      said.textContent = form.dataset.sending;
      row.append(name, bar, said);
      sending.append(row);
      return row;
    });
    for (const [index, file] of files.entries()) {
      await sent(file, index === 0, rows[index]);
      const list = document.getElementById("uploads");
      if (window.htmx && list) await window.htmx.ajax("GET", list.dataset.progress, { target: "#uploads", swap: "outerHTML" });
    }
    button.disabled = false;
    form.reset();
    if (!window.htmx) location.reload();
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); sendAll([...input.files]); });
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over"); });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    sendAll([...event.dataTransfer.files]);
  });
})();
