// A link to a part of the guide opens the section that holds it; some browsers would not show what is folded away.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const section = target?.closest(".govuk-accordion__section");
  if (!section) return;
  const button = section.querySelector(".govuk-accordion__section-button");
  if (button?.getAttribute("aria-expanded") === "false") button.click();
  target.scrollIntoView();
}

addEventListener("hashchange", openTarget);
addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  if (link && link.hash === location.hash) openTarget(); // the same link once more changes no address
});
openTarget();
