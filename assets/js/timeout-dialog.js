// The dialog before a time-out. The browser's own modal dialog keeps the focus inside and the page behind it still; Esc
// stays signed in. Screen readers hear the time left at first, at one minute, and every 15 seconds in the last one.

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function timeLeft(seconds) {
  if (seconds > 60) return `${Math.ceil(seconds / 60)} minutes`;
  return seconds === 60 ? "1 minute" : `${seconds} ${seconds === 1 ? "second" : "seconds"}`;
}

export class TimeoutDialog {
  constructor(onStay) {
    this.onStay = onStay;
    this.dialog = null;
    this.told = Infinity;
  }

  build() {
    this.dialog = element("dialog", "portal-timeout");
    this.dialog.setAttribute("role", "alertdialog");
    this.dialog.setAttribute("aria-labelledby", "portal-timeout-title");
    this.dialog.setAttribute("aria-describedby", "portal-timeout-words");
    this.title = element("h2", "govuk-heading-m");
    this.title.id = "portal-timeout-title";
    this.words = element("p", "govuk-body");
    this.words.id = "portal-timeout-words";
    this.live = element("p", "govuk-visually-hidden");
    this.live.setAttribute("role", "status");
    this.button = element("button", "govuk-button");
    this.button.type = "button";
    this.signOut = element("button", "govuk-button govuk-button--secondary", "Sign out");
    this.signOut.type = "button";
    const buttons = element("div", "govuk-button-group");
    buttons.append(this.button, this.signOut);
    this.dialog.append(this.title, this.words, this.live, buttons);
    this.button.addEventListener("click", () => this.press());
    this.signOut.addEventListener("click", () => document.querySelector("form[action='/sign-out/']")?.requestSubmit());
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.press();
    });
    document.body.append(this.dialog);
  }

  open() {
    if (!this.dialog) this.build();
    if (this.dialog.open) return;
    this.told = Infinity;
    this.before = document.activeElement;
    this.dialog.showModal();
    this.button.focus();
  }

  warn(seconds, isFinal) {
    this.isFinal = isFinal;
    if (isFinal && this.isSeen) return; // nothing can put this end off; it was said once
    this.press = () => {
      this.isSeen = true;
      this.close();
      if (!isFinal) this.onStay();
    };
    this.open();
    const why = isFinal ? "because you have been signed in for a long time" : "because you have not done anything";
    this.title.textContent = "You will soon be signed out";
    this.words.textContent = `For your security we sign you out in ${timeLeft(seconds)}, ${why}. `
      + "Messages and reasons that you have begun are kept.";
    this.button.textContent = isFinal ? "Continue" : "Stay signed in";
    this.say(seconds);
  }

  say(seconds) {
    const step = seconds > 60 ? 120 : Math.ceil(seconds / 15) * 15;
    if (step >= this.told) return;
    this.told = step;
    this.live.textContent = `You will be signed out in ${timeLeft(seconds)}.`;
  }

  out() {
    this.press = () => window.open("/sign-in/", "_blank", "noopener");
    this.open();
    this.title.textContent = "You were signed out";
    this.words.textContent = "Documents on this page have not been sent yet. "
      + "Sign in again in another tab, then come back here and send them.";
    this.button.textContent = "Sign in in another tab";
    this.signOut.hidden = true;
  }

  close() {
    if (!this.dialog?.open) return;
    this.dialog.close();
    this.signOut.hidden = false;
    this.before?.focus();
  }
}
