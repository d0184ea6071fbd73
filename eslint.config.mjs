// What the portal's own scripts are held to: recommended rules, one way of writing, no HTML made from text.
import js from "@eslint/js";
import stylistic from "@stylistic/eslint-plugin";
import globals from "globals";

const noHtmlFromText = ["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({
  property,
  message: "Text from people would become markup: build elements and set textContent.",
}));

export default [
  js.configs.recommended,
  stylistic.configs.customize({ indent: 2, quotes: "double", semi: true, arrowParens: true, braceStyle: "1tbs" }),
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "eqeqeq": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-restricted-properties": ["error", ...noHtmlFromText],
      "max-lines": ["error", 350],
      "max-lines-per-function": ["error", 60],
      "@stylistic/max-len": ["error", { code: 120, ignoreUrls: true }],
      "@stylistic/quote-props": "off",
    },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: globals.node },
  },
];
