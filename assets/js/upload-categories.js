// "Set same category for all documents" copies the first row's category to all; "Remove" takes one row away and leaves
// what was chosen in the others. Without this file the server does both.

function copyFirst(list) {
  const selects = [...list.querySelectorAll("[data-upload-category]")];
  selects.slice(1).forEach((select) => (select.value = selects[0].value));
}

async function remove(form, button, onRemoved) {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  body.append(button.name, button.value);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
  } catch {
    button.dataset.plainly = "";
    form.requestSubmit(button);
    return;
  }
  const row = button.closest("[data-upload-row]");
  const near = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  const browse = document.querySelector("form[data-module='portal-upload'] input[type=file]");
  (near?.querySelector("button") ?? browse)?.focus();
  onRemoved();
}

export function startCategories(list, onRemoved) {
  const same = document.querySelector("[data-upload-same]");
  const apply = () => same?.checked && copyFirst(list);
  same?.addEventListener("change", apply);
  list.addEventListener("change", (event) => {
    if (event.target === list.querySelector("[data-upload-category]")) apply();
  });
  list.addEventListener("portal:row", apply);
  const form = list.closest("form");
  form?.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name !== "remove" || "plainly" in button.dataset) return;
    event.preventDefault();
    remove(form, button, () => {
      apply();
      onRemoved();
    });
  });
}
