import { useGraphiQL } from "@graphiql/react";

export function Purpose({ headers: { stated, state } }) {
  const schema = useGraphiQL((store) => store.schema);
  // Those of the policies in force, as the server's schema has them.
  const purposes = (schema?.getType("Purpose")?.getValues() ?? []).map(({ name }) => name.toLowerCase());
  const known = stated === "" || purposes.includes(stated);
  return (
    <label className="savas-field">
      <span>Purpose</span>
      <select value={stated} onChange={(event) => state(event.target.value)}>
        <option value="">none stated</option>
        {purposes.map((name) => (
          <option key={name}>{name}</option>
        ))}
        {!known && <option>{stated}</option>}
      </select>
    </label>
  );
}
