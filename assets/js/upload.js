// Sends chosen or dropped documents one by one, at most two at once, each with its own progress. What comes back is the
// row that the server would have drawn on the page, so words and category are the same with and without this file. Of
// a document over the limit only the name is sent, so that the server's next page and the receipt know of it too.
import { send } from "./transfer.js";
import { failedRow, nameOf, progressRow, rowFrom, statusOf } from "./upload-rows.js";
import { startCategories } from "./upload-categories.js";

const AT_ONCE = 2;

class Upload {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=file]");
    this.zone = form.querySelector("[data-upload-zone]");
    this.live = form.querySelector("[data-upload-live]");
    this.list = document.querySelector("[data-upload-list]");
    this.refused = document.querySelector("[data-upload-refused]");
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
      if (this.busy || this.refused.querySelector("[data-upload-again]")) event.preventDefault();
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

  add(file) {
    const row = progressRow(file, () => this.cancel(row));
    this.list.append(row);
    if (this.isTooLarge(file)) this.waiting.unshift({ file, row });
    else this.waiting.push({ file, row });
    return row;
  }

  isTooLarge(file) {
    return file.size > Number(this.form.dataset.maxBytes);
  }

  bodyOf(file) {
    const body = new FormData();
    if (this.isTooLarge(file)) body.append("too-large", file.name);
    else body.append(this.input.name, file, file.name);
    return body;
  }

  next() {
    while (this.running < AT_ONCE && this.waiting.length) this.send(this.waiting.shift());
  }

  async send({ file, row }) {
    this.running += 1;
    const transfer = send(this.form, this.bodyOf(file), row.showProgress);
    row.abort = transfer.abort;
    const answer = await transfer.done;
    this.running -= 1;
    if (!answer.cancelled) this.settle(row, this.rowOf(answer, file));
    this.next();
  }

  rowOf(answer, file) {
    if (answer.html) return rowFrom(answer.html);
    const onRemove = (failed) => this.takeAway(failed, "removed");
    if (this.isTooLarge(file)) {
      return failedRow(file, this.form.dataset.tooLarge.replace("{name}", file.name), { refused: true, onRemove });
    }
    return failedRow(file, answer.words, { onAgain: (failed) => this.again(file, failed), onRemove });
  }

  again(file, failed) {
    failed.remove();
    const row = this.add(file);
    this.showList();
    row.querySelector("button").focus();
    this.next();
  }

  settle(row, settled) {
    const held = row.contains(document.activeElement);
    if (settled.dataset.uploadRow === "refused") {
      row.remove();
      this.refused.append(settled);
    } else {
      row.replaceWith(settled);
    }
    this.showList();
    if (held) settled.querySelector("select, button")?.focus();
    this.list.dispatchEvent(new CustomEvent("portal:row", { bubbles: true }));
    const left = this.running + this.waiting.length;
    this.live.textContent = `${statusOf(settled)}${left ? `. ${left} more to send` : ""}`;
  }

  cancel(row) {
    this.waiting = this.waiting.filter((entry) => entry.row !== row);
    row.abort?.();
    this.takeAway(row, "cancelled");
  }

  // The keyboard goes on at the next document of the same list, else the one before, else where documents are chosen.
  takeAway(row, what) {
    const near = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    this.showList();
    ([...(near?.querySelectorAll("button") ?? [])].at(-1) ?? this.input).focus();
    const ready = this.ready;
    this.live.textContent = `${nameOf(row)} ${what}. ${ready} ${ready === 1 ? "document" : "documents"} ready.`;
  }

  ask(words, button) {
    const shown = document.querySelector("[data-upload-wait]") ?? document.createElement("p");
    shown.className = "govuk-error-message";
    shown.dataset.uploadWait = "";
    shown.setAttribute("role", "alert");
    shown.textContent = words;
    button?.before(shown);
  }

  get ready() {
    return this.list.querySelectorAll("[data-upload-row=ready]").length;
  }

  showList() {
    const refused = this.refused.children.length;
    const show = (what, shown) => document.querySelectorAll(what).forEach((element) => (element.hidden = !shown));
    show("[data-upload-when-listed]", this.list.children.length);
    show("[data-upload-when-refused]", refused);
    document.querySelector("[data-upload-count]").textContent = this.ready;
    document.querySelector("[data-upload-refused-count]").textContent = refused;
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
  startCategories(upload.list, (row) => upload.takeAway(row, "removed"));
}
