// Saves what is typed on the server while one types, at most every few seconds: a time-out, a crash or a closed tab
// loses nothing. Never in the browser's own storage. The page names the fields; passwords and files are none of them.

const EVERY = 3000;

class Draft {
  constructor(main) {
    this.shown = main.dataset.draftShown;
    this.fields = main.dataset.draftFields.split(" ")
      .flatMap((name) => [...main.querySelectorAll(`form[method=post] [name="${CSS.escape(name)}"]`)]);
    this.timer = null;
    this.isSent = false;
  }

  start() {
    const [form] = this.fields.map((field) => field.form);
    if (!form) return;
    this.form = form;
    this.fields.forEach((field) => field.addEventListener("input", () => this.later()));
    form.addEventListener("submit", () => {
      this.isSent = true;
      this.stop();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.now();
    });
    window.addEventListener("portal:signing-out", () => this.now());
  }

  later() {
    this.isSent = false; // a form that was refused by the browser or stopped by a script is typed in again
    this.timer ??= setTimeout(() => this.save(), EVERY);
  }

  now() {
    if (this.timer && !this.isSent) this.save();
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = null;
    this.saving?.abort();
  }

  async save() {
    this.stop();
    this.saving = new AbortController();
    const body = new FormData();
    this.fields.forEach((field) => body.append(field.name, field.value));
    const headers = {
      "Accept": "application/json",
      "X-CSRFToken": this.form.querySelector("[name=csrfmiddlewaretoken]").value,
      "X-Portal-Draft": this.shown,
      "X-Portal-Background": "1",
    };
    const address = location.pathname + location.search;
    try {
      await fetch(address, { method: "POST", headers, body, keepalive: true, signal: this.saving.signal });
    } catch {
      // Without a connection the next key press tries again.
    }
  }
}

export function startDrafts() {
  const main = document.querySelector("main[data-draft-fields]");
  if (main) new Draft(main).start();
}
