// Saves what is typed on the server while one types, at most every few seconds: a time-out, a crash or a closed tab
// loses nothing. Never in the browser's own storage. The page names the fields; passwords and files are none of them.

const EVERY = 3000;
const SAVED = "What you typed is saved. It is not sent yet.";
const SENT_ELSEWHERE = "This form was sent or discarded in another tab. What you typed here is saved. It is not sent.";
const NOT_SAVED = "What you typed could not be saved. Check your connection, or keep a copy of it.";
const TOO_LONG = "What you typed is too long to be saved before you send it. Keep a copy of it.";
const MOST_KEPT_ALIVE = 50_000; // bytes: browsers refuse more from a page that may be closing

class Draft {
  constructor(main) {
    this.shown = main.dataset.draftShown;
    const named = (names, selectors) => names.split(" ").filter(Boolean)
      .flatMap((name) => [...main.querySelectorAll(selectors(CSS.escape(name)))]);
    this.fields = named(main.dataset.draftFields, (name) => `form[method=post] [name="${name}"]`);
    // Dates, radio buttons and boxes; a date is several inputs: due_on-day and so on.
    this.chosen = named(main.dataset.draftChosen ?? "",
      (name) => `form[method=post] [name="${name}"], form[method=post] [name^="${name}-"]`);
    this.timer = null;
    this.isSent = false;
    this.saved = SAVED;
  }

  start() {
    const [form] = this.fields.map((field) => field.form);
    if (!form) return;
    this.form = form;
    this.live = this.place();
    [...this.fields, ...this.chosen].forEach((field) => field.addEventListener("input", () => this.later()));
    form.addEventListener("submit", () => {
      this.isSent = true;
      this.stop();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.now();
    });
    window.addEventListener("portal:signing-out", () => this.now());
  }

  // Read out once: while one types, the words stay as they are.
  place() {
    const live = document.createElement("p");
    live.className = "govuk-hint";
    live.setAttribute("role", "status");
    live.dataset.draftLive = "";
    const field = this.fields.findLast((one) => one.checkVisibility()) ?? this.fields[0];
    (field.closest(".govuk-form-group") ?? field).after(live);
    return live;
  }

  say(words) {
    if (this.live.textContent !== words) this.live.textContent = words;
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
    [...this.fields, ...this.chosen].filter((field) => field.checked || !/radio|checkbox/.test(field.type))
      .forEach((field) => body.append(field.name, field.value));
    const headers = {
      "Accept": "application/json",
      "X-CSRFToken": this.form.querySelector("[name=csrfmiddlewaretoken]").value,
      "X-Portal-Draft": this.shown,
      "X-Portal-Background": "1",
    };
    const address = location.pathname + location.search;
    try {
      const { signal } = this.saving;
      const keepalive = new Blob(this.fields.map((field) => field.value)).size < MOST_KEPT_ALIVE;
      const answer = await fetch(address, { method: "POST", headers, body, keepalive, signal });
      if (answer.status === 409) await this.saveAnew(await answer.json());
      else this.say(answer.ok ? this.saved : answer.status === 413 ? TOO_LONG : NOT_SAVED);
    } catch (error) {
      if (error.name !== "AbortError") this.say(NOT_SAVED); // the next key press tries again
    }
  }

  // The same form was sent or discarded in another tab since this page was drawn.
  async saveAnew({ shown }) {
    if (this.isSent) return;
    this.shown = shown;
    this.saved = SENT_ELSEWHERE;
    await this.save();
  }
}

export function startDrafts() {
  const main = document.querySelector("main[data-draft-fields]");
  if (main) new Draft(main).start();
}
