// No imports: the linter is installed in the cache, out of this file's reach.
const browser = ["window", "document", "console", "setTimeout", "clearTimeout", "URL", "fetch"];
const readonly = (names) => Object.fromEntries(names.map((name) => [name, "readonly"]));

export default [
    {
        files: ["candidate_relationship/static/**/*.js"],
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: readonly([...browser, "luxon", "owl", "odoo", "QUnit", "$"]),
        },
        linterOptions: { reportUnusedDisableDirectives: true },
        rules: {
            "constructor-super": "error",
            curly: ["error", "all"],
            eqeqeq: ["error", "smart"],
            "getter-return": "error",
            "no-case-declarations": "error",
            "no-console": "error",
            "no-const-assign": "error",
            "no-debugger": "error",
            "no-dupe-class-members": "error",
            "no-dupe-else-if": "error",
            "no-dupe-keys": "error",
            "no-duplicate-imports": "error",
            "no-empty": "error",
            "no-eval": "error",
            "no-fallthrough": "error",
            "no-import-assign": "error",
            "no-redeclare": "error",
            "no-self-assign": "error",
            "no-this-before-super": "error",
            "no-undef": "error",
            "no-unreachable": "error",
            "no-unsafe-finally": "error",
            "no-unused-vars": ["error", { args: "none" }],
            "no-useless-escape": "error",
            "no-var": "error",
            "prefer-const": ["error", { destructuring: "all" }],
            "require-yield": "error",
            "use-isnan": "error",
            "valid-typeof": "error",
        },
    },
];
