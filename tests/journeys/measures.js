// What a browser alone knows of a page's accessibility and axe does not ask. Each measure gives a list of complaints.

const SETTLED = 0.011; // seconds: what counts as no movement at all

const nameOf = (el) => `${el.tagName.toLowerCase()}${el.id ? `#${el.id}` : ""}.${[...el.classList].join(".")} “${
  (el.getAttribute("aria-label") || el.textContent || el.name || "").trim().replace(/\s+/g, " ").slice(0, 40)}”`;

const isShown = (el) => el.checkVisibility({ visibilityProperty: true }) && el.getClientRects().length > 0;

const isHiddenVisually = (el) => {
  for (let one = el; one; one = one.parentElement) {
    const { position, clipPath, clip } = getComputedStyle(one);
    if (position === "absolute" && (clipPath !== "none" || clip !== "auto")) return true;
  }
  return false;
};

const shown = (selector) => [...document.querySelectorAll(selector)].filter(isShown);

const STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], video[controls]";

// How an element, what stands before and after it, and what is drawn in its place looks.
function look(el) {
  const parts = [el, ...el.querySelectorAll("*"), ...(el.labels ?? []), el.parentElement];
  const drawn = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "backgroundColor", "borderTopColor",
    "borderTopWidth", "borderBottomWidth", "clipPath"];
  return parts.flatMap((part) => [null, "::before", "::after"].map((pseudo) => {
    const style = getComputedStyle(part, pseudo);
    return drawn.map((property) => style[property]).join();
  })).join("|");
}

const hasOutline = (el) => [el, ...el.querySelectorAll("*"), ...(el.labels ?? [])].some((part) => [null, "::before"].some((pseudo) => {
  const { outlineStyle, outlineWidth } = getComputedStyle(part, pseudo);
  return outlineStyle === "auto" || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2);
}));

const measures = {
  heading() {
    const found = [...document.querySelectorAll("h1")].map((h1) => h1.innerText.trim().replace(/\s+/g, " "));
    const hasError = Boolean(document.querySelector(".govuk-error-summary, .govuk-error-message"));
    const title = document.title.replace(/\s+/g, " ");
    const words = hasError ? `Error: ${found[0]}` : found[0];
    if (found.length !== 1) return [`${found.length} main headings`];
    return title.startsWith(words) ? [] : [`the title “${title}” does not begin with “${words}”`];
  },

  sideways() {
    const root = document.documentElement;
    if (root.scrollWidth <= window.innerWidth) return [];
    const wide = shown("body *").filter((el) => el.getBoundingClientRect().right > window.innerWidth + 1);
    return [`${root.scrollWidth} pixels wide: ${wide.slice(0, 3).map(nameOf).join(", ")}`];
  },

  // The page's first Tab press must come before, so that the browser shows the focus of a keyboard.
  focus({ forced = false } = {}) {
    const before = document.activeElement;
    const unseen = [];
    for (const el of document.querySelectorAll(STOPS)) {
      if (el.disabled || !isShown(el)) continue;
      before.blur();
      const rest = look(el);
      el.focus({ preventScroll: true });
      if (document.activeElement !== el) continue;
      if (forced ? !hasOutline(el) : look(el) === rest) unseen.push(nameOf(el));
    }
    return unseen;
  },

  // The stop at which the keyboard is: can it be seen?
  stop() {
    const here = document.activeElement;
    const focused = look(here);
    here.blur();
    const rest = look(here);
    here.focus({ preventScroll: true });
    const { top, bottom } = here.getBoundingClientRect();
    if (focused === rest) return [`${nameOf(here)} has the focus and does not show it`];
    return top < window.innerHeight && bottom > 0 ? [] : [`${nameOf(here)} has the focus outside of the window`];
  },

  motion() {
    const moving = (el) => [null, "::before", "::after"].some((pseudo) => {
      const { transitionDuration, transitionProperty, animationDuration, animationName } = getComputedStyle(el, pseudo);
      const longest = (list) => Math.max(...list.split(",").map(parseFloat));
      return (transitionProperty !== "none" && longest(transitionDuration) > SETTLED)
        || (animationName !== "none" && longest(animationDuration) > SETTLED);
    });
    return [...document.querySelectorAll("body, body *")].filter(moving).map(nameOf);
  },

  // In forced colours backgrounds are gone: what is a control or a tag must have an edge or an underline of its own.
  edges() {
    const bare = (el) => {
      const style = getComputedStyle(el);
      const hasEdge = ["Top", "Bottom", "Left"].some((side) =>
        style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) >= 1);
      return !hasEdge && style.outlineStyle === "none";
    };
    const drawn = ".govuk-button, .govuk-tag, .portal-badge, .govuk-input, .govuk-select, .govuk-textarea, "
      + ".portal-menu__panel, .portal-applied__fixed, .moj-filter__tag, .portal-upload__label, .portal-attach__label, "
      + ".moj-message-item, progress, dialog";
    const icons = shown("svg.portal-icon").filter((svg) => getComputedStyle(svg).stroke === "none");
    return [...shown(drawn).filter((el) => !isHiddenVisually(el) && bare(el)), ...icons].map(nameOf);
  },

  // WCAG 1.4.12: somebody's own spacing must neither hide nor cut off text.
  spacing() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
      + "p{margin-bottom:2em!important}");
    document.adoptedStyleSheets = [sheet];
    const holds = (el) => ["overflowX", "overflowY"].some((side) => /hidden|clip/.test(getComputedStyle(el)[side]));
    const cuts = (el) => {
      const { right, bottom } = el.getBoundingClientRect();
      return [...el.querySelectorAll("*")].some((inner) => inner.innerText && isShown(inner) && !isHiddenVisually(inner)
        && (inner.getBoundingClientRect().right > right + 2 || inner.getBoundingClientRect().bottom > bottom + 2));
    };
    const cut = shown("body *").filter((el) => holds(el) && !isHiddenVisually(el) && cuts(el)).map(nameOf);
    const found = [...cut.map((name) => `cut off: ${name}`), ...measures.sideways()];
    document.adoptedStyleSheets = [];
    return found;
  },

  // WCAG 1.3.5 and 3.3.8: a browser or a password manager may fill in what is one's own.
  filling() {
    const own = shown("input[type=password], input[name=code], input[name=login]");
    return own.filter((el) => !el.autocomplete || el.autocomplete === "off").map(nameOf);
  },

  // An error summary takes the focus, and each of its links leads to a field that says what is wrong with it.
  errors() {
    const summary = document.querySelector(".govuk-error-summary");
    if (!summary) return ["no error summary"];
    const found = document.activeElement === summary ? [] : ["the error summary has no focus"];
    for (const link of summary.querySelectorAll("a[href^='#']")) {
      const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      const group = field?.closest(".govuk-form-group--error, [aria-describedby]");
      if (!field) found.push(`nothing on the page is ${link.hash}`);
      else if (!group && !document.querySelector(".govuk-error-message")) found.push(`${link.hash} does not say it`);
      else if (!field.matches("input, select, textarea, button, a, summary")) found.push(`${link.hash} is no field`);
    }
    if (!summary.querySelector("li, p")) found.push("the error summary says nothing");
    return found;
  },

  // Everything that can be opened, and one menu (a second one would lie over the first).
  open() {
    document.querySelectorAll("details:not(.portal-menu)").forEach((el) => (el.open = true));
    const toggles = ".portal-disclosure__toggle[aria-expanded=false], .govuk-accordion__show-all[aria-expanded=false], "
      + ".govuk-service-navigation__toggle[aria-expanded=false]";
    shown(toggles).forEach((el) => el.click());
    const menus = shown(".portal-menu__toggle[aria-expanded=false]");
    (menus.find((el) => el.closest("main")) ?? menus[0])?.click();
    return [];
  },

  // The form sent as nobody would fill it in: empty, with nothing but the token.
  sendEmpty() {
    const form = document.createElement("form");
    form.method = "post";
    const token = document.querySelector("main form[method=post] [name=csrfmiddlewaretoken]");
    const mark = Object.assign(document.createElement("input"), { type: "hidden", name: "sent", value: "1" });
    form.append(token.cloneNode(), mark);
    document.body.append(form);
    form.submit();
  },

  // How large a target is can be asked only while no open menu lies over it. Contrast takes most of the time.
  async axe({ only = null, sized = true, contrast = true } = {}) {
    const rules = { "target-size": { enabled: sized }, "color-contrast": { enabled: contrast } };
    const options = only ? { runOnly: only } : { rules };
    const { violations } = await window.axe.run(document, { ...options, resultTypes: ["violations"] });
    return violations.map(({ help, nodes }) => `${help}: ${nodes.slice(0, 3).map(({ html }) => html).join(" ")}`);
  },
};

window.portalMeasures = measures;
