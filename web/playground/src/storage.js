// What the editor may remember, and for how long. Looks (theme, widths) last; what somebody types may name a
// customer, so it ends with the browser tab. Answers are never handed to us to store, headers are dropped.
const LASTING = /^graphiql:(theme|\w+Flex)$/;

const place = (key) => (LASTING.test(key) ? localStorage : sessionStorage);
const ours = (store) => Object.keys(store).filter((key) => key.startsWith("graphiql:"));
const withoutHeaders = (text) => {
  try {
    return JSON.stringify(JSON.parse(text, (key, value) => (key === "headers" ? null : value)));
  } catch {
    return text;
  }
};

export const storage = {
  get length() {
    return ours(localStorage).length + ours(sessionStorage).length;
  },
  getItem: (key) => place(key).getItem(key),
  setItem: (key, value) => {
    const listing = /^graphiql:(queries|favorites|tabState)$/.test(key);
    place(key).setItem(key, listing ? withoutHeaders(value) : value);
  },
  removeItem: (key) => place(key).removeItem(key),
  clear: () => [localStorage, sessionStorage].forEach((store) => ours(store).forEach((key) => store.removeItem(key))),
};
