// Warns two minutes before the session times out and lets one stay signed in. The server decides: before it warns, this
// asks without counting as activity, since another tab may have been in use. Tabs tell each other what they learned.
import { TimeoutDialog } from "./timeout-dialog.js";

const WARN_SECONDS = 120;
const ASK_AGAIN_MS = 15_000;
const LEAVING = "portal-leaving=1";

class Session {
  constructor({ sessionHref, sessionSeconds, sessionPerson }) {
    this.href = sessionHref;
    this.person = Number(sessionPerson);
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel("portal-session") : null;
    this.dialog = new TimeoutDialog(() => this.stay());
    this.askedAt = 0;
    this.isOut = false;
    this.ends = Date.now() + Number(sessionSeconds) * 1000;
  }

  start() {
    this.channel?.addEventListener("message", ({ data }) => this.hear(data));
    this.tell();
    setInterval(() => this.tick(), 1000);
    document.addEventListener("visibilitychange", () => this.tick());
  }

  get left() {
    return Math.ceil((this.ends - Date.now()) / 1000);
  }

  tell() {
    this.channel?.postMessage({ person: this.person, ends: this.ends });
  }

  hear({ person, ends }) {
    if (person === this.person && ends > this.ends) this.last(ends);
  }

  last(ends) {
    this.ends = ends;
    this.isOut = false;
    if (this.left > WARN_SECONDS) this.dialog.close();
  }

  async tick() {
    if (this.left > WARN_SECONDS) return;
    if (this.left <= 0 || Date.now() - this.askedAt > ASK_AGAIN_MS) await this.ask({ background: true });
    if (this.isOut || this.left > WARN_SECONDS) return;
    if (this.left <= 0) this.leave();
    else this.dialog.warn(this.left, this.isFinal);
  }

  stay() {
    this.dialog.close();
    return this.ask({ background: false });
  }

  async ask({ background }) {
    this.askedAt = Date.now();
    const headers = { "Accept": "application/json", ...(background ? { "X-Portal-Background": "1" } : {}) };
    try {
      const response = await fetch(this.href, { headers, cache: "no-store" });
      if (response.status === 401) this.leave();
      else if (response.ok) this.learn(await response.json());
    } catch {
      // Without a connection the clock of this page goes on.
    }
  }

  learn({ seconds, final, person, csrf }) {
    if (person !== this.person) {
      this.leave();
      return;
    }
    this.isFinal = final;
    this.last(Date.now() + seconds * 1000);
    this.tell();
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((input) => (input.value = csrf));
  }

  // The page goes away, so that nobody who comes by can read it; unless documents are still on their way.
  leave() {
    if (this.isOut) return;
    this.isOut = true;
    this.ends = Date.now();
    if (window.dispatchEvent(new CustomEvent("portal:signing-out", { cancelable: true }))) {
      document.cookie = `${LEAVING}; path=/; max-age=20; samesite=lax`; // so that the visit does not count as activity
      location.replace(location.pathname + location.search);
    } else {
      this.dialog.out();
    }
  }
}

export function startSession() {
  if (document.body.dataset.sessionHref) new Session(document.body.dataset).start();
}
