// Between the page and the server: what was typed goes out in order, what others typed comes in, the audit follows.
//
// Everything that the server has not confirmed is kept in the browser's storage under the person, budget and sheet, so
// that neither a lost connection nor a closed page loses it. Sending twice does no harm: new rows have a name, and
// each cell goes with what stood there before.
"use strict";
(function () {
  const ledger = window.zhengwu.ledger;
  const MOST = 500; // changes of one request
  const POLL = 4000, POLL_HIDDEN = 30000, PATIENCE = 30000, MOST_WAIT = 30000, BEAT = 3000, DEAD = 12000;
  const REST = 400, MOST_REST = 4000; // before another audit

  ledger.Sync = class {
    constructor(config, store) {
      this.config = config; this.store = store;
      this.state = "loading"; // loading, saved, saving, waiting, offline, server (no answer), signed_out, closed
      this.reason = ""; // the server's sentence, where it refused
      this.tries = 0; this.busy = false; this.audit = null; this.tag = ""; this.checking = false; this.stale = false; this.missed = 0;
      this.onstate = () => {}; this.onaudit = () => {}; this.onothers = () => {};
      this.kept = `zhengwu.ledger.${config.person}.${config.budget}.`;
      this.tab = sessionStorage.getItem("zhengwu.tab") || store.prefix;
      try { sessionStorage.setItem("zhengwu.tab", this.tab); } catch { /* then each load is a tab of its own */ }
    }

    async start() {
      const answer = await this._get(`${this.config.urls.rows}?sheet=${this.config.sheet}`);
      this.store.load(await answer.json());
      const found = this.config.edits ? this._adopt() : 0;
      this.store.onedit = () => this.edited();
      this._say(this.store.waiting().length ? "waiting" : "saved");
      this.flush();
      this.check();
      this._poll();
      addEventListener("online", () => this.again());
      addEventListener("offline", () => this._say("offline"));
      document.addEventListener("visibilitychange", () => { if (!document.hidden) this._poll(); });
      addEventListener("beforeunload", (event) => { if (this.full && this.store.waiting().length) event.preventDefault(); });
      setInterval(() => this._beat(), BEAT);
      return found;
    }

    // Something was typed: keep it, then send it.
    edited() {
      this._keep();
      clearTimeout(this.soon);
      this.soon = setTimeout(() => this.flush(), 120);
      this._say(this.state === "saved" ? "waiting" : this.state);
    }

    again() { this.tries = 0; if (this.state === "closed") this._say("waiting"); this.flush(); this._poll(); }

    async flush() {
      if (this.busy || this.state === "closed") return;
      const sent = this.store.collect(MOST);
      if (!sent.length) {
        if (this.state !== "offline" && this.state !== "signed_out") this._say("saved");
        return;
      }
      this.busy = true;
      clearTimeout(this.retry);
      if (this.state !== "offline") this._say("saving");
      let answer = null;
      try {
        const body = JSON.stringify({ sheet: this.config.sheet, changes: sent.map((one) => one.change) });
        answer = await this._send(this.config.urls.save, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token() } });
      } catch (error) {
        this.store.unanswered(sent);
        this.busy = false;
        this._keep();
        this._failed(error);
        return;
      }
      this.busy = false;
      this.tries = 0;
      this.store.answered(sent, answer);
      this._keep();
      this._say("saved");
      this.check();
      this.flush();
    }

    _failed(error) {
      this.reason = error.reason || "";
      if (error.status === 409 || error.status === 403 && error.reason) { this._say("closed"); return; }
      this._say(error.signedOut ? "signed_out" : error.status ? "server" : "offline");
      this.tries += 1;
      clearTimeout(this.retry);
      this.retry = setTimeout(() => this.flush(), Math.min(MOST_WAIT, 1000 * 2 ** (this.tries - 1)));
    }

    // What others typed.
    async _poll() {
      clearTimeout(this.next);
      const epoch = this.epoch = (this.epoch || 0) + 1;
      try {
        const answer = await this._get(`${this.config.urls.rows}?sheet=${this.config.sheet}&since=${this.store.revision}`, this.rowsTag);
        if (answer.status !== 304) {
          this.rowsTag = answer.headers.get("ETag");
          const told = await answer.json();
          const before = this.store.revision;
          const changed = this.store.take(told);
          if (changed.length) this.onothers(changed);
          if (told.revision !== before) this.check();
          if (this.config.edits && !told.editable && this.state !== "closed") { this.reason = ledger.fill(this.config.words.closed_none, told); this._say("closed"); }
          if (told.editable && this.state === "closed" && this.config.edits) this.again();
        }
        if (this.state === "offline" || this.state === "server" || this.state === "signed_out") { this._say(this.store.waiting().length ? "waiting" : "saved"); this.tries = 0; this.flush(); }
      } catch (error) {
        if (this.state !== "closed") this._say(error.signedOut ? "signed_out" : error.status ? "server" : "offline");
      }
      if (epoch === this.epoch) this.next = setTimeout(() => this._poll(), document.hidden ? POLL_HIDDEN : POLL);
    }

    // The live audit, not more often than the server bears; one that got no answer is asked for again.
    check() {
      this.stale = true;
      if (this.checking || this.later) return;
      const rest = this.missed ? 1000 * this.missed : this.audit ? Math.max(REST, 2 * (this.took || 0)) : 0;
      this.later = setTimeout(() => { this.later = 0; this._check(); }, Math.min(MOST_REST, rest));
    }

    async _check() {
      this.checking = true; this.stale = false;
      this.onaudit(this.audit);
      const began = performance.now();
      try {
        const answer = await this._get(`${this.config.urls.check}?sheet=${this.config.sheet}`, this.tag);
        if (answer.status !== 304) { this.audit = await answer.json(); this.tag = answer.headers.get("ETag"); }
        this.missed = 0;
      } catch { this.missed += 1; this.stale = true; }
      this.took = performance.now() - began;
      this.checking = false;
      this.onaudit(this.audit);
      if (this.stale) this.check();
    }

    _get(address, tag) { return this._fetch(address, { headers: tag ? { "If-None-Match": tag } : {} }); }

    async _send(address, options) { return (await this._fetch(address, options)).json(); }

    async _fetch(address, options) {
      const answer = await fetch(address, { ...options, redirect: "manual", credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if (answer.ok || answer.status === 304) return answer;
      const error = new Error(`${answer.status}`);
      error.status = answer.status;
      error.signedOut = answer.type === "opaqueredirect";
      if ((answer.headers.get("Content-Type") || "").includes("json")) error.reason = (await answer.json()).message;
      else if (answer.status === 403) error.signedOut = true; // signed in anew elsewhere: the form's token is another one
      throw error;
    }

    _say(state) {
      if (state === "saved" && this.store.waiting().length) state = "waiting";
      this.state = state;
      this.onstate(state, this.store.waiting().length);
    }

    // What is kept in the browser. Each tab has its own; those of tabs that are gone are taken over.

    _name(tab) { return `${this.kept}${this.config.sheet}.${tab}`; }

    _keep() {
      const rows = this.store.kept();
      try {
        if (rows.length) localStorage.setItem(this._name(this.tab), JSON.stringify({ beat: Date.now(), rows }));
        else localStorage.removeItem(this._name(this.tab));
        this.full = false;
      } catch { this.full = true; }
    }

    _beat() { if (this.store.waiting().length) this._keep(); }

    _adopt() {
      let found = 0;
      for (const name of names()) {
        if (!name.startsWith(`${this.kept}${this.config.sheet}.`)) continue;
        const saved = read(name);
        if (!saved || (name !== this._name(this.tab) && Date.now() - saved.beat < DEAD)) continue;
        found += this.store.restore(saved.rows);
        if (name !== this._name(this.tab)) localStorage.removeItem(name);
      }
      this._keep();
      return found;
    }

    // How many changes of other sheets of this budget wait: {sheet: count}.
    elsewhere() {
      const found = {};
      for (const name of names()) {
        if (!name.startsWith(this.kept)) continue;
        const sheet = name.slice(this.kept.length).split(".")[0];
        const saved = sheet !== this.config.sheet && read(name);
        if (saved) found[sheet] = (found[sheet] || 0) + saved.rows.length;
      }
      return found;
    }
  };

  function names() { try { return Object.keys(localStorage); } catch { return []; } }
  function read(name) { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } }
  function token() { return (/(?:^|; )csrftoken=([^;]+)/.exec(document.cookie) || [, document.querySelector("input[name=csrfmiddlewaretoken]")?.value || ""])[1]; }
})();
