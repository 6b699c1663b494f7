import { useGraphiQL } from "@graphiql/react";
import { useEffect, useRef, useState } from "react";
import { header, withHeader } from "./headers.js";
import { TOKEN_HERE } from "./server.js";
import { purpose, useSession } from "./session.js";

/** The headers tab, which is the truth: what it says of the purpose, and a way to state another. */
export function useHeaders() {
  const signedIn = Boolean(useSession());
  const editor = useGraphiQL((state) => state.headerEditor);
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.id);
  const [stated, setStated] = useState(purpose.get());
  // What was chosen before the editor was there, which on a slow machine comes last.
  const early = useRef(null);

  useEffect(() => {
    if (!editor) return undefined;
    if (early.current !== null) set(editor, "Purpose", early.current);
    early.current = null;
    const read = () => setStated(header(editor.getValue(), "Purpose"));
    read();
    const listener = editor.onDidChangeModelContent(read);
    return () => listener.dispose();
  }, [editor]);

  useEffect(() => {
    if (!editor) return;
    const present = header(editor.getValue(), "Authorization");
    if (signedIn && !present) set(editor, "Authorization", TOKEN_HERE);
    if (!signedIn && present === TOKEN_HERE) set(editor, "Authorization", "");
  }, [editor, tab, signedIn]);

  const state = (value) => {
    purpose.set(value);
    setStated(value);
    if (editor) set(editor, "Purpose", value);
    else early.current = value;
  };
  return { stated, state };
}

function set(editor, name, value) {
  const before = editor.getValue();
  const after = withHeader(before, name, value);
  if (after !== before) editor.setValue(after);
}
