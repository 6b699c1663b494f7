import { useEffect, useRef, useState } from "react";
import { setPassword as setByCode, signIn, signOut } from "./server.js";
import { useNotice, useSession } from "./session.js";

export function SignIn({ personas, chosen, onChoose }) {
  const session = useSession();
  const notice = useNotice();
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);

  const choose = async (event) => {
    const persona = personas[event.target.value] ?? null;
    setSaid("");
    setBusy(true);
    onChoose(persona);
    if (session) await leave();
    const failure = persona && (await signIn(persona).catch((error) => error));
    setBusy(false);
    if (failure) setSaid(failure.message);
  };
  const leave = () => signOut().catch(() => setSaid("Signed out here; the server could not be told."));

  return (
    <div className="savas-group savas-who">
      {personas.length > 0 && (
        <label className="savas-field">
          <span>Demo persona</span>
          <select value={personas.indexOf(chosen)} onChange={choose} disabled={busy}>
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
  const [sent, setSent] = useState(null);
  const [code, setCode] = useState(null);
  const [busy, setBusy] = useState(false);
  const button = useRef(null);

  useEffect(() => {
    setLogin(chosen?.login ?? "");
    setPassword(chosen?.password ?? "");
    setSent(null);
    setCode(null);
    if (chosen) button.current?.focus();
  }, [chosen]);

  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    onSaid("");
    const title = chosen?.login === login ? chosen.title : undefined;
    const done = sent === null ? signIn({ login, password, code, title }) : set();
    const failure = await done.catch((error) => error);
    setBusy(false);
    // Whoever has enrolled a telephone is asked for its code only once the rest was right.
    if (failure?.code === "CODE_REQUIRED") setCode((typed) => typed ?? "");
    if (failure) onSaid(failure.message);
  };
  const set = async () => {
    const failure = await setByCode({ login, sent, password, code });
    if (failure) return failure;
    setSent(null);
    setCode(null);
    onSaid("The password is set. Sign in with it.");
  };

  return (
    <form onSubmit={submit}>
      <Field label="Login" value={login} onType={setLogin} autoComplete="username" />
      {sent !== null && <Field label="Code that was sent" value={sent} onType={setSent} autoComplete="off" />}
      <Field
        label={sent === null ? "Password" : "New password"}
        type="password"
        value={password}
        onType={setPassword}
        autoComplete={sent === null ? "current-password" : "new-password"}
      />
      {code !== null && (
        <Field label="Code of your telephone" value={code} onType={setCode} autoComplete="one-time-code" />
      )}
      <button ref={button} className="savas-primary" disabled={busy}>
        {sent === null ? (busy ? "Signing in…" : "Sign in") : "Set password"}
      </button>
      <button type="button" onClick={() => setSent(sent === null ? "" : null)}>
        {sent === null ? "Set a password by a code" : "Back"}
      </button>
    </form>
  );
}

function Field({ label, onType, ...input }) {
  return (
    <label className="savas-field">
      <span>{label}</span>
      <input {...input} onChange={(event) => onType(event.target.value)} required />
    </label>
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
