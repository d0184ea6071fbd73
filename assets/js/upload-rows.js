// Rows of the list of documents that exist only in the browser: one being sent, and one that could not be sent.

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

export function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)} kB`;
  return `${Math.ceil(bytes * 10 / (1024 * 1024)) / 10} MB`;
}

function button(text, name, onClick) {
  const made = element("button", "govuk-button govuk-button--secondary", text);
  made.type = "button";
  made.append(element("span", "govuk-visually-hidden", ` ${name}`));
  made.addEventListener("click", onClick);
  return made;
}

function frame(file) {
  const row = element("li", "portal-upload-row");
  row.dataset.uploadRow = "sending";
  const name = element("div", "portal-upload-row__file");
  name.append(element("span", "portal-upload-row__name", file.name), " ");
  name.append(element("span", "portal-upload-row__size", sizeOf(file.size)));
  const status = element("div", "portal-upload-row__status");
  const remove = element("div", "portal-upload-row__remove");
  row.append(name, status, remove);
  return { row, status, remove };
}

export function progressRow(file, onCancel) {
  const { row, status, remove } = frame(file);
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", `Sending ${file.name}`);
  const words = element("span", "portal-upload-row__progress", "Waiting");
  status.append(bar, words);
  remove.append(button("Cancel", file.name, onCancel));
  row.showProgress = (loaded, total) => {
    bar.value = total ? Math.floor(loaded * 100 / total) : 0;
    words.textContent = loaded < total ? `Sending: ${bar.value}%` : "Checking";
  };
  return row;
}

export function failedRow(file, words, { refused = false, onAgain = null, onRemove }) {
  const { row, status, remove } = frame(file);
  row.classList.add("portal-upload-row--refused");
  row.dataset.uploadRow = "refused";
  status.append(element("strong", "govuk-tag govuk-tag--red", refused ? "Refused" : "Not sent"));
  status.append(element("span", "portal-upload-row__why", words));
  if (onAgain) {
    row.dataset.uploadAgain = ""; // the browser still holds the document
    remove.append(button("Try again", file.name, () => onAgain(row)), " ");
  }
  remove.append(button("Remove", file.name, () => onRemove(row)));
  return row;
}

export function rowFrom(html) {
  const row = new DOMParser().parseFromString(html, "text/html").querySelector("[data-upload-row]");
  return document.adoptNode(row);
}

export const nameOf = (row) => row.querySelector(".portal-upload-row__name")?.textContent ?? "";

export function statusOf(row) {
  const status = row.querySelector(".portal-upload-row__status")?.textContent ?? "";
  return `${nameOf(row)}: ${status.trim().replace(/\s+/g, " ")}`;
}
