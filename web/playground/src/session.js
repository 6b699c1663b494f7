import { useSyncExternalStore } from "react";

// sessionStorage ends with the browser tab and is not shared with other tabs; nothing of this goes elsewhere.
const KEY = "savas:session";
const PURPOSE = "savas:purpose";

let current = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
let notice = "";
const listeners = new Set();

function become(next, said = "") {
  current = next;
  notice = said;
  if (next) sessionStorage.setItem(KEY, JSON.stringify(next));
  else sessionStorage.removeItem(KEY);
  listeners.forEach((listener) => listener());
}

/** Who is signed in: `{token, name, kind}` or null. */
export const session = {
  get: () => current,
  begin: (who) => become(who),
  end: () => become(null),
  ended: () => become(null, "Your session has ended. Please sign in again."),
};

const subscribe = (listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useSession = () => useSyncExternalStore(subscribe, () => current);
export const useNotice = () => useSyncExternalStore(subscribe, () => notice);

/** The purpose that new tabs of the editor start with. */
export const purpose = {
  get: () => sessionStorage.getItem(PURPOSE) ?? "support",
  set: (value) => sessionStorage.setItem(PURPOSE, value),
};
