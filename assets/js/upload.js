// Sends chosen or dropped documents one by one, at most two at once, each with its own progress. What comes back is the
// row that the server would have drawn on the page, so words and category are the same with and without this file.
import { send } from "./transfer.js";
import { failedRow, progressRow, rowFrom, statusOf } from "./upload-rows.js";
import { startCategories } from "./upload-categories.js";

const AT_ONCE = 2;

class Upload {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=file]");
    this.zone = form.querySelector("[data-upload-zone]");
    this.live = form.querySelector("[data-upload-live]");
    this.list = document.querySelector("[data-upload-list]");
    this.waiting = [];
    this.running = 0;
  }

  start() {
    this.form.classList.add("portal-upload--scripted");
    this.form.querySelector("[data-upload-send]").hidden = true;
    this.form.querySelector("[data-upload-drop]").hidden = false;
    this.input.addEventListener("change", () => {
      this.take([...this.input.files]);
      this.input.value = "";
    });
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.startZone();
    this.startLeaving();
    this.showList();
  }

  startZone() {
    const over = (event, on) => {
      event.preventDefault();
      this.zone.classList.toggle("portal-upload__zone--over", on);
    };
    this.zone.addEventListener("dragover", (event) => over(event, true));
    this.zone.addEventListener("dragleave", (event) => over(event, false));
    this.zone.addEventListener("drop", (event) => {
      over(event, false);
      this.take(filesOf(event.dataTransfer));
    });
  }

  startLeaving() {
    window.addEventListener("beforeunload", (event) => {
      if (this.busy) event.preventDefault();
    });
    window.addEventListener("portal:signing-out", (event) => {
      if (this.busy || this.list.querySelector("[data-upload-again]")) event.preventDefault();
    });
    const listForm = this.list.closest("form");
    listForm?.addEventListener("submit", (event) => {
      if (!this.busy || event.submitter?.name === "remove") return;
      event.preventDefault();
      this.ask("Wait until every document has been sent, then try again.", event.submitter);
    });
  }

  get busy() {
    return this.running + this.waiting.length > 0;
  }

  take(files) {
    files.forEach((file) => this.add(file));
    this.showList();
    this.next();
  }

  add(file, after = null) {
    const row = progressRow(file, () => this.cancel(row));
    if (after) after.replaceWith(row);
    else this.list.append(row);
    if (file.size > Number(this.form.dataset.maxBytes)) {
      const words = this.form.dataset.tooLarge.replace("{name}", file.name);
      this.settle(row, failedRow(file, words, { refused: true, onRemove: () => this.removed() }));
    } else {
      this.waiting.push({ file, row });
    }
  }

  next() {
    while (this.running < AT_ONCE && this.waiting.length) this.send(this.waiting.shift());
  }

  async send({ file, row }) {
    this.running += 1;
    const transfer = send(this.form, this.input.name, file, row.showProgress);
    row.abort = transfer.abort;
    const answer = await transfer.done;
    this.running -= 1;
    if (!answer.cancelled) this.settle(row, this.rowOf(answer, file));
    this.next();
  }

  rowOf(answer, file) {
    if (answer.html) return rowFrom(answer.html);
    const again = (failed) => {
      this.add(file, failed);
      this.next();
    };
    return failedRow(file, answer.words, { onAgain: again, onRemove: () => this.removed() });
  }

  settle(row, settled) {
    const held = row.contains(document.activeElement);
    row.replaceWith(settled);
    if (held) settled.querySelector("select, button")?.focus();
    this.list.dispatchEvent(new CustomEvent("portal:row", { bubbles: true }));
    const left = this.running + this.waiting.length;
    this.live.textContent = `${statusOf(settled)}${left ? `. ${left} more to send` : ""}`;
  }

  cancel(row) {
    this.waiting = this.waiting.filter((entry) => entry.row !== row);
    row.abort?.();
    row.remove();
    this.removed();
  }

  removed() {
    this.input.focus();
    this.showList();
  }

  ask(words, button) {
    const shown = document.querySelector("[data-upload-wait]") ?? document.createElement("p");
    shown.className = "govuk-error-message";
    shown.dataset.uploadWait = "";
    shown.setAttribute("role", "alert");
    shown.textContent = words;
    button?.before(shown);
  }

  showList() {
    const empty = !this.list.querySelector("li");
    document.querySelectorAll("[data-upload-when-listed]").forEach((element) => (element.hidden = empty));
  }
}

// A dropped folder arrives as a file that cannot be read, so it is left out.
function filesOf(transfer) {
  const entries = [...transfer.items].filter((item) => item.kind === "file");
  const documents = entries.filter((item) => !item.webkitGetAsEntry?.()?.isDirectory);
  return documents.map((item) => item.getAsFile());
}

export function startUploads() {
  const form = document.querySelector("form[data-module='portal-upload']");
  if (!form || !document.querySelector("[data-upload-list]")) return;
  const upload = new Upload(form);
  upload.start();
  startCategories(upload.list, () => upload.showList());
}
