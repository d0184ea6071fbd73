// The portal's one script. Every page works without it; it makes pages quicker to use.
import { initAll as initMoj } from "@ministryofjustice/frontend";
import { initAll as initGovuk } from "govuk-frontend";
import { startAttaching } from "./attach.js";
import { countAsTheServer } from "./character-count.js";
import { startDrafts } from "./drafts.js";
import { startMenus } from "./menus.js";
import { startPasskeys } from "./passkeys.js";
import { startSession } from "./session.js";
import { startReview } from "./upload-categories.js";
import { startUploads } from "./upload.js";

// GOV.UK's components start only where this class is present; it is set here because inline scripts are forbidden.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
countAsTheServer();
initGovuk();
initMoj();
startMenus();
startUploads();
startReview();
startAttaching();
startDrafts();
startPasskeys();
startSession();
