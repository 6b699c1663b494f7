import groups from "./examples.json";

const texts = import.meta.glob("./examples/*.graphql", { query: "?raw", import: "default", eager: true });
const withText = ({ file, ...example }) => ({ ...example, query: texts[`./examples/${file}.graphql`] });

/** Groups of example operations that need no demo data: `{title, purpose?, queries: [{title, query, variables?}]}`. */
export const EXAMPLES = groups.map((group) => ({ ...group, queries: group.queries.map(withText) }));
