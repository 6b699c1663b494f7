import examples from "./examples.json";

/** Groups of example operations that need no demo data: `{title, purpose, queries: [{title, query}]}`. */
export const EXAMPLES = examples;
