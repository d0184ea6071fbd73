// Counts what is typed as the server does (portal/lib/typed.py): each emoji once, a line end once, nothing that nobody
// sees, and no space at either end.
import { CharacterCount } from "govuk-frontend";

const LINE_ENDS = /\r\n|[\r\v\f\x85\u2028\u2029]/g;
const UNSEEN = new RegExp(
  "\\u034f|\\u17b4|\\u17b5|[\\u00ad\\u061c\\u115f\\u1160\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2064"
  + "\\u2066-\\u206f\\ufeff\\ufff9-\\ufffb]|(?![\\t\\n])\\p{Cc}",
  "gu",
);

const counted = (text) => [...text.replace(LINE_ENDS, "\n").replace(UNSEEN, "").trim()].length;

// GOV.UK's own counts UTF-16 units and takes no other way to count.
export function countAsTheServer() {
  CharacterCount.prototype.updateCount = function () {
    this.count = counted(this.$textarea.value);
  };
}
