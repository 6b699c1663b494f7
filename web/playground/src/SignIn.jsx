import { useEffect, useRef, useState } from "react";
import { signIn, signOut } from "./server.js";
import { useNotice, useSession } from "./session.js";

export function SignIn({ personas, chosen, onChoose }) {
  const session = useSession();
  const notice = useNotice();
  const [said, setSaid] = useState("");

  const choose = (event) => {
    const persona = personas[event.target.value] ?? null;
    setSaid("");
    if (session) leave();
    onChoose(persona);
  };
  const leave = () => signOut().catch(() => setSaid("Signed out here; the server could not be told."));

  return (
    <div className="savas-group savas-who">
      {personas.length > 0 && (
        <label className="savas-field">
          <span>Demo persona</span>
          <select value={personas.indexOf(chosen)} onChange={choose}>
            <option value={-1}>Choose somebody…</option>
            {personas.map(({ title }, index) => (
              <option key={title} value={index}>
                {title}
              </option>
            ))}
          </select>
        </label>
      )}
      {session ? <SignedIn session={session} onLeave={leave} /> : <Form chosen={chosen} onSaid={setSaid} />}
      <p role="alert" className="savas-said">
        {said || notice}
      </p>
    </div>
  );
}

function Form({ chosen, onSaid }) {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const button = useRef(null);

  useEffect(() => {
    setLogin(chosen?.login ?? "");
    setPassword(chosen?.password ?? "");
    if (chosen) button.current?.focus();
  }, [chosen]);

  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    onSaid("");
    const title = chosen?.login === login ? chosen.title : undefined;
    const failure = await signIn(login, password, title).catch((error) => error.message);
    setBusy(false);
    if (failure) onSaid(failure);
  };

  return (
    <form onSubmit={submit}>
      <label className="savas-field">
        <span>Login</span>
        <input value={login} onChange={(event) => setLogin(event.target.value)} autoComplete="username" required />
      </label>
      <label className="savas-field">
        <span>Password</span>
        <input
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="current-password"
          required
        />
      </label>
      <button ref={button} className="savas-primary" disabled={busy}>
        {busy ? "Signing in…" : "Sign in"}
      </button>
    </form>
  );
}

function SignedIn({ session, onLeave }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(session.token).then(() => setCopied(true), () => setCopied(false));

  return (
    <div className="savas-signed-in">
      <p role="status" className="savas-field">
        <span>Signed in{session.kind && ` as ${session.kind}`}</span>
        <strong>{session.name}</strong>
      </p>
      <button type="button" onClick={copy} title="For your own client: Authorization: Bearer …">
        {copied ? "Copied" : "Copy token"}
      </button>
      <button type="button" onClick={onLeave}>
        Sign out
      </button>
    </div>
  );
}
