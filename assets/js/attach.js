// Files that go with a message: the paperclip is the button, and what was chosen is listed at once with a way to clear
// it. "Send" takes the files along, so "Attach files" is only for browsers without this script. Of a file over the
// limit the name goes along, so that the server's next page says that it was not attached.
import { sizeOf } from "./upload-rows.js";

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

class Attach {
  constructor(group) {
    this.group = group;
    this.input = group.querySelector("input[type=file]");
    this.list = group.querySelector("[data-attach-list]");
    this.live = group.querySelector("[data-attach-live]");
    this.chosen = [];
    this.tooLarge = [];
  }

  start() {
    this.group.classList.add("portal-attach--scripted");
    this.group.querySelector("[data-attach-plainly]").hidden = true;
    this.input.addEventListener("change", () => this.take([...this.input.files]));
    this.take([...this.input.files]); // a browser that comes back to the page may still hold them
  }

  // A second choice adds to the first, where the browser alone would replace it.
  take(files) {
    const isTooLarge = (file) => file.size > Number(this.group.dataset.maxBytes);
    const isNew = (file) => !this.chosen.some((held) => held.name === file.name && held.size === file.size);
    this.tooLarge.push(...files.filter(isTooLarge));
    this.chosen.push(...files.filter((file) => !isTooLarge(file) && isNew(file)));
    this.draw();
    const left = this.tooLarge.length ? ` ${this.tooLarge.length} too large and not attached.` : "";
    this.live.textContent = files.length ? `${this.chosen.length} chosen. ${this.group.dataset.words}.${left}` : "";
  }

  clear(file) {
    const place = [...this.chosen, ...this.tooLarge].indexOf(file);
    this.chosen = this.chosen.filter((held) => held !== file);
    this.tooLarge = this.tooLarge.filter((held) => held !== file);
    this.draw();
    const buttons = [...this.list.querySelectorAll("button")];
    (buttons[place] ?? buttons.at(-1) ?? this.input).focus();
    this.live.textContent = `${file.name} cleared`;
  }

  draw() {
    const held = new DataTransfer();
    this.chosen.forEach((file) => held.items.add(file));
    this.input.files = held.files;
    this.list.replaceChildren(
      ...this.chosen.map((file) => this.row(file)),
      ...this.tooLarge.map((file) => this.refusal(file)),
    );
  }

  row(file) {
    const row = element("li", "portal-attach__file");
    const about = element("div", "portal-attach__about");
    about.append(element("span", "portal-upload-row__name", file.name), " ");
    about.append(element("span", "portal-upload-row__size", sizeOf(file.size)));
    about.append(element("span", "portal-attach__words", this.group.dataset.words));
    row.append(about, this.clearing(file));
    return row;
  }

  clearing(file) {
    const clear = element("button", "govuk-button govuk-button--secondary", "Clear");
    clear.type = "button";
    clear.append(element("span", "govuk-visually-hidden", ` ${file.name}`));
    clear.addEventListener("click", () => this.clear(file));
    return clear;
  }

  refusal(file) {
    const row = element("li", "portal-attach__file portal-attach__file--refused");
    const words = `Not attached. ${this.group.dataset.tooLarge.replace("{name}", file.name)}`;
    row.append(element("span", "govuk-error-message portal-attach__about", words), this.clearing(file));
    row.firstChild.prepend(element("strong", "", `${file.name}: `));
    const named = { type: "hidden", name: "too-large", value: file.name };
    row.append(Object.assign(document.createElement("input"), named));
    return row;
  }
}

export function startAttaching() {
  const group = document.querySelector("[data-module='portal-attach']");
  if (group) new Attach(group).start();
}
