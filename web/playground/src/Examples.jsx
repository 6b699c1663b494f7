import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { Kind, parse, print } from "graphql";
import { useEffect, useRef } from "react";
import { EXAMPLES } from "./examples.js";

export function Examples({ chosen, headers }) {
  const editor = useGraphiQL((state) => state.queryEditor);
  const variables = useGraphiQL((state) => state.variableEditor);
  const { addTab, setOperationFacts, updateActiveTabValues } = useGraphiQLActions();
  const shown = useRef(EXAMPLES[0].queries[0].query);
  const groups = chosen?.queries?.length ? [chosen, ...EXAMPLES] : EXAMPLES;

  const isOwn = () => !["", shown.current.trim()].includes(editor.getValue().trim());

  const show = ({ query: text, variables: given }) => {
    const query = text.trim().includes("\n") ? text : print(parse(text));
    shown.current = query;
    editor.setValue(query);
    variables?.setValue(given ? JSON.stringify(given, null, 2) : "");
    // The editor learns the operation's name a moment later; whoever runs at once would ask for the old one.
    const facts = operationFacts(query);
    setOperationFacts(facts);
    updateActiveTabValues({ query, operationName: facts.operationName ?? null });
  };

  const choose = (event) => {
    const [group, index] = event.target.value.split(".").map(Number);
    if (isOwn()) addTab();
    show(groups[group].queries[index]);
    if (groups[group].purpose) headers.state(groups[group].purpose);
    editor.focus();
  };

  useEffect(() => {
    if (editor && chosen?.queries?.length && !isOwn()) show(chosen.queries[0]);
  }, [editor, chosen]);

  return (
    <label className="savas-field">
      <span>Examples</span>
      <select value="" onChange={choose} disabled={!editor}>
        <option value="">Show an example…</option>
        {groups.map(({ title, queries }, group) => (
          <optgroup key={title} label={title}>
            {queries.map((example, index) => (
              <option key={example.title} value={`${group}.${index}`}>
                {example.title + toFillIn(example)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

/** Which variables somebody has to fill in before the example shows anything. */
function toFillIn({ variables }) {
  const empty = Object.entries(variables ?? {}).filter(([, value]) => value === "");
  return empty.length ? ` – fill in ${empty.map(([name]) => name).join(", ")}` : "";
}

function operationFacts(query) {
  const documentAST = parse(query);
  const operations = documentAST.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  return { documentAST, operations, operationName: operations[0]?.name?.value };
}
