import { useGraphiQL } from "@graphiql/react";

const WHY = {
  PURPOSE_REQUIRED: "state a purpose",
  NO_TASK: "no open task of yours for this purpose",
  NOT_NEEDED_FOR_PURPOSE: "the purpose does not need it",
  NOT_IN_AGREEMENT: "no agreement names it",
  NO_CONSENT: "the customer does not consent",
  RESTRICTED: "kept but not used, at the customer's request",
  NOT_PERMITTED: "not for you",
  NOT_AVAILABLE: "not available",
};

/** Under the answer: what was withheld from it and why, counted. */
export function Withheld() {
  const response = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.response);
  const groups = Object.entries(Object.groupBy(withheldIn(response), ({ reason }) => reason));
  if (groups.length === 0) return null;
  return (
    <section className="savas-withheld" aria-label="Withheld from this answer">
      <h2>Withheld</h2>
      <ul>
        {groups.map(([reason, fields]) => (
          <li key={reason} title={reason}>
            <strong>{WHY[reason] ?? reason}</strong>{" "}
            {fields.map(({ field, count }) => (count > 1 ? `${field} × ${count}` : field)).join(", ")}
          </li>
        ))}
      </ul>
    </section>
  );
}

function withheldIn(response) {
  try {
    const listed = JSON.parse(response ?? "")?.extensions?.withheld;
    return Array.isArray(listed) ? listed : [];
  } catch {
    return [];
  }
}
