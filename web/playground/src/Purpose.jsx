import purposes from "./purposes.json";

export function Purpose({ headers: { stated, state } }) {
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
