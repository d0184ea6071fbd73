// Builds the portal's one style sheet and one script, with the font of the receipts' emoji, into a folder that git
// ignores.
// Nothing of the crown or of GDS's typeface may reach it: the build fails when a trace of either is left.
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const built = join(root, process.argv[2] ?? "portal/pages/design/static/built");
const images = [
  join(root, "assets/images"),
  join(root, "node_modules/@ministryofjustice/frontend/moj/assets/images"),
  join(root, "node_modules/govuk-frontend/dist/govuk/assets/images"),
];

function styles() {
  const { css } = compile(join(root, "assets/scss/portal.scss"), {
    loadPaths: [root, join(root, "node_modules")], // MoJ's files import "node_modules/..." from the root
    style: "compressed",
    quietDeps: true,
    logger: { warn: (message, { stack }) => /^\s*node_modules/.test(stack ?? "") || console.warn(message) },
  });
  return css.replace(/[^{}]*\{[^{}]*govuk-crest[^{}]*\}/g, "").replace(/@supports[^{}]*\{\}/g, "");
}

function refuseTraces(text, file) {
  for (const trace of ["GDS Transport", "govuk-crest", "@font-face"]) {
    if (text.includes(trace)) throw new Error(`${file} still holds "${trace}"`);
  }
}

// The static files storage refuses a style sheet that names a missing file, so each image it names is copied.
function copyImages(css) {
  const named = [...css.matchAll(/url\(["']?(?!data:|#)([^"')]+)["']?\)/g)].map((match) => match[1]);
  mkdirSync(join(built, "images"), { recursive: true });
  for (const name of new Set(named.map((path) => basename(path)))) {
    const folder = images.find((candidate) => existsSync(join(candidate, name)));
    if (!folder) throw new Error(`no package holds the image ${name}`);
    copyFileSync(join(folder, name), join(built, "images", name));
  }
}

// Read by the server's typesetting alone, no page asks for it; the font's licence stands beside it.
function copyFont() {
  const noto = join(root, "node_modules/@expo-google-fonts/noto-emoji");
  mkdirSync(join(built, "fonts"), { recursive: true });
  copyFileSync(join(noto, "400Regular/NotoEmoji_400Regular.ttf"), join(built, "fonts", "NotoEmoji-Regular.ttf"));
  copyFileSync(join(noto, "LICENSE_FONT"), join(built, "fonts", "NotoEmoji-LICENSE.txt"));
}

rmSync(built, { recursive: true, force: true });
mkdirSync(built, { recursive: true });
const css = styles();
refuseTraces(css, "portal.css");
copyImages(css);
copyFont();
writeFileSync(join(built, "portal.css"), css);
await build({
  entryPoints: [join(root, "assets/js/portal.js")],
  outfile: join(built, "portal.js"),
  bundle: true,
  format: "esm",
  target: "es2020",
  minify: true,
  legalComments: "eof",
  logLevel: "warning",
});
