// Passkeys: the browser's own dialog, begun by a button. A form says with data-passkey what it is for ("create" or
// "get") and holds the server's challenge, or its address; what the passkey answers is sent with the form.

const CANCELLED = "Your browser did not get a passkey. Try again, or choose another way.";

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const headers = { Accept: "application/json" };
  const response = await fetch(form.dataset.optionsHref, { headers, cache: "no-store" });
  return response.json();
}

async function ask(form) {
  const { publicKey } = await optionsOf(form);
  if (form.dataset.passkey === "create") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

function say(form, words) {
  const problem = form.querySelector("[data-passkey-problem]");
  problem.className = words ? "govuk-error-message" : "";
  problem.textContent = words;
}

async function onSubmit(event) {
  const form = event.target;
  if (form.elements.credential.value) return;
  event.preventDefault();
  say(form, "");
  try {
    const credential = await ask(form);
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.requestSubmit();
  } catch {
    say(form, CANCELLED);
  }
}

export function startPasskeys() {
  const isAble = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = !isAble;
    if (isAble) form.addEventListener("submit", onSubmit);
  });
  document.querySelectorAll("[data-passkey-missing]").forEach((element) => (element.hidden = isAble));
}
