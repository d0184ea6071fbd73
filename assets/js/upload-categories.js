// "Set same category for all documents" gives every row what was last chosen in any; "Remove" takes one row away and
// leaves what was chosen in the others. Without this file the server does both.

const selectsOf = (list) => [...list.querySelectorAll("[data-upload-category]")];

function startSame(list) {
  const same = document.querySelector("[data-upload-same]");
  const apply = (chosen) => {
    const from = chosen ?? selectsOf(list).find((select) => select.value);
    if (same?.checked && from) selectsOf(list).forEach((select) => (select.value = from.value));
  };
  same?.addEventListener("change", () => apply());
  list.addEventListener("change", (event) => {
    if (event.target.matches("[data-upload-category]")) apply(event.target);
  });
  list.addEventListener("portal:row", () => apply());
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
  onRemoved(button.closest("[data-upload-row]"));
}

export function startCategories(list, onRemoved) {
  startSame(list);
  const form = list.closest("form");
  form?.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name !== "remove" || "plainly" in button.dataset) return;
    event.preventDefault();
    remove(form, button, onRemoved);
  });
}

// The page of the list alone: removing is the server's there, since what the page says depends on what is left.
export function startReview() {
  const list = document.querySelector("[data-upload-review] [data-upload-list]");
  if (list) startSame(list);
}
