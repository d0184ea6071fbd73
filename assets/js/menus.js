// Turns the <details> of menus and task rows into buttons with aria-expanded. Menus also close with Esc, by a click
// elsewhere and when the focus leaves, and arrow keys walk through them. Without this file the <details> does its part.

let made = 0;

function setOpen(button, panel, open) {
  button.setAttribute("aria-expanded", String(open));
  panel.hidden = !open;
}

function asButton(details) {
  const summary = details.querySelector(":scope > summary");
  const panel = summary.nextElementSibling;
  const button = document.createElement("button");
  button.type = "button";
  button.className = summary.className;
  button.append(...summary.childNodes);
  panel.id ||= `portal-panel-${++made}`;
  button.setAttribute("aria-controls", panel.id);
  setOpen(button, panel, details.open);
  const wrapper = document.createElement("div");
  wrapper.className = details.className;
  wrapper.append(button, panel);
  details.replaceWith(wrapper);
  return { wrapper, button, panel };
}

function startDisclosure(details) {
  const host = details.closest("[data-disclosure-host]");
  const { button, panel } = asButton(details);
  if (host) host.append(panel); // under the whole row, and read after it
  button.addEventListener("click", () => setOpen(button, panel, panel.hidden));
}

function walk(panel, key) {
  const items = [...panel.querySelectorAll("a, button")];
  const here = items.indexOf(document.activeElement);
  const next = { ArrowDown: here + 1, ArrowUp: here < 0 ? -1 : here - 1, Home: 0, End: -1 }[key];
  items.at(next % items.length)?.focus();
}

function onKey(event, button, panel) {
  if (event.key === "Escape" && !panel.hidden) {
    setOpen(button, panel, false);
    button.focus();
  } else if (event.key === "ArrowDown" && event.target === button) {
    setOpen(button, panel, true);
    walk(panel, "Home");
  } else if (!panel.hidden && ["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) {
    walk(panel, event.key);
  } else {
    return;
  }
  event.preventDefault();
}

function startMenu(details) {
  const { wrapper, button, panel } = asButton(details);
  const close = () => setOpen(button, panel, false);
  button.addEventListener("click", () => setOpen(button, panel, panel.hidden));
  wrapper.addEventListener("keydown", (event) => onKey(event, button, panel));
  wrapper.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !wrapper.contains(event.relatedTarget)) close();
  });
  document.addEventListener("click", (event) => {
    if (!wrapper.contains(event.target)) close();
  });
}

export function startMenus(root = document) {
  root.querySelectorAll("details[data-module='portal-menu']").forEach(startMenu);
  root.querySelectorAll("details[data-module='portal-disclosure']").forEach(startDisclosure);
}
