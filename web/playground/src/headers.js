import { applyEdits, modify, parse } from "jsonc-parser";

const LAYOUT = { formattingOptions: { insertSpaces: true, tabSize: 2 } };

/** The headers text with one header set, or taken out when the value is empty; everything else stays as typed. */
export function withHeader(text, name, value) {
  const source = text.trim() === "" ? "{}" : text;
  const known = Object.keys(read(source)).find((key) => key.toLowerCase() === name.toLowerCase());
  if (!value && !known) return text;
  return applyEdits(source, modify(source, [known ?? name], value || undefined, LAYOUT));
}

/** The value of one header in the headers text, or an empty string. */
export function header(text, name) {
  const found = Object.entries(read(text)).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found ? String(found[1]) : "";
}

function read(text) {
  const value = parse(text);
  return value && typeof value === "object" && !Array.isArray(value) ? value : {};
}
