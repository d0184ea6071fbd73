// One document's way to the server: XMLHttpRequest, since fetch tells nothing of the progress of sending.

const LOST = "The connection was lost before this document arrived. Check your connection, then try again.";
const SIGNED_OUT = "You may have been signed out. Sign in again in another tab, then come back and try again.";
const BROKEN = "The portal could not take this document. Nothing was kept of it. Try again in a few minutes.";

function wordsFor(status) {
  return { 0: LOST, 401: SIGNED_OUT, 403: SIGNED_OUT, 200: SIGNED_OUT }[status] ?? BROKEN;
}

function answerOf(request) {
  try {
    const { html } = JSON.parse(request.responseText);
    if (html) return { html };
  } catch {
    // Not ours: a page of the sign-in, of a proxy or of an error.
  }
  return { words: wordsFor(request.status) };
}

export function send(form, body, onProgress) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve) => {
    request.addEventListener("load", () => resolve(answerOf(request)));
    request.addEventListener("error", () => resolve({ words: LOST }));
    request.addEventListener("abort", () => resolve({ cancelled: true }));
  });
  request.upload.addEventListener("progress", (event) => onProgress(event.loaded, event.total));
  request.open("POST", form.action);
  request.setRequestHeader("X-CSRFToken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  request.setRequestHeader("Accept", "application/json");
  request.send(body);
  return { done, abort: () => request.abort() };
}
