import { useState } from "react";

const KEY = "savas:hint";

export function Hint({ demo }) {
  const [open, setOpen] = useState(localStorage.getItem(KEY) !== "seen");
  const close = () => {
    localStorage.setItem(KEY, "seen");
    setOpen(false);
  };
  if (!open) return null;
  return (
    <aside className="savas-hint" aria-label="First steps">
      <ol>
        <li>
          <strong>Sign in.</strong> {demo ? "Choosing a demo persona does it." : "With your own login."}
        </li>
        <li>
          <strong>Choose a purpose.</strong> With your task and their consent, it opens a customer.
        </li>
        <li>
          <strong>Run.</strong> <kbd>Ctrl</kbd> <kbd>Enter</kbd> – what you may not read is null; <code>withheld</code> says why.
        </li>
      </ol>
      <button type="button" onClick={close}>
        Got it
      </button>
    </aside>
  );
}
