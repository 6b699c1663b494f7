import { session } from "./session.js";

/** Stands in the headers tab for the token of whoever is signed in, so that no token is ever on the screen. */
export const TOKEN_HERE = "Bearer {token}";

/** Post one operation; resolves to the GraphQL response, also when the server refused it. */
export async function post(operation, headers = {}) {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { Accept: "application/json", ...headers, "Content-Type": "application/json" },
    body: JSON.stringify(operation),
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
    referrerPolicy: "no-referrer",
  });
  const answer = await response.json().catch(() => null);
  if (answer === null) throw new Error(`The server answered ${response.status} without a GraphQL response.`);
  if (isOurs(headers) && isUnauthenticated(answer)) session.ended();
  return answer;
}

const isOurs = (headers) => session.get() && headers.Authorization === `Bearer ${session.get().token}`;
const isUnauthenticated = ({ errors = [] }) => errors.some(({ extensions }) => extensions?.code === "UNAUTHENTICATED");

/** What the editor sends its operations through: the headers tab as it stands, with the token filled in. */
export const fetcher = (operation, { headers = {} } = {}) => post(operation, filled(headers));

function filled(headers) {
  const token = session.get()?.token;
  const entries = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => {
      if (value !== TOKEN_HERE) return [[name, value]];
      return token ? [[name, `Bearer ${token}`]] : [];
    }),
  );
}

const SIGN_IN = "mutation($input: SignInInput!) { signIn(input: $input) { token userErrors { code message } } }";

/** Sign in; returns the error to show when it fails, `{code, message}`, else nothing. */
export async function signIn({ login, password, code, title }) {
  const answer = await post({ query: SIGN_IN, variables: { input: { login, password, code: code || null } } });
  const failure = firstError(answer, "signIn");
  if (failure) return failure;
  const token = answer.data?.signIn?.token;
  if (!token) return { message: "The server gave no token." };
  const me = await post({ query: "{ me { __typename } }" }, { Authorization: `Bearer ${token}` });
  session.begin({ token, name: title ?? login, kind: words(me.data?.me?.__typename) });
}

const SET =
  "mutation($input: PasswordCodeUseInput!) { passwordCodeUse(input: $input) { login userErrors { code message } } }";

/** Set a password by a code that was sent; returns the error to show when it fails, else nothing. */
export async function setPassword({ login, sent, password, code }) {
  const input = { login, code: sent, password, appCode: code || null };
  return firstError(await post({ query: SET, variables: { input } }), "passwordCodeUse");
}

const firstError = ({ errors = [], data }, field) => {
  const [error] = errors;
  return error ? { code: error.extensions?.code, message: error.message } : data?.[field]?.userErrors?.[0];
};

/** Sign out here at once, and at the server too: a token that leaked before is then worth nothing. */
export async function signOut() {
  const token = session.get()?.token;
  session.end();
  if (token) await post({ query: "mutation { signOut { __typename } }" }, { Authorization: `Bearer ${token}` });
}

const words = (typename = "") => typename.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();

/** The demo's people, or none where the server is not a demo. */
export async function personas() {
  const response = await fetch("/playground/personas.json", { credentials: "omit", cache: "no-store" });
  return response.ok ? response.json() : [];
}
