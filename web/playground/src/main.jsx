import "./nonce.js";
import "./workers.js";
import "graphiql/style.css";
import "./style.css";
import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from "@graphiql/plugin-doc-explorer";
import { HISTORY_PLUGIN, HistoryStore } from "@graphiql/plugin-history";
import { GraphiQLProvider } from "@graphiql/react";
import { GraphiQL, GraphiQLInterface } from "graphiql";
import { createRoot } from "react-dom/client";
import { Bar } from "./Bar.jsx";
import { EXAMPLES } from "./examples.js";
import { withHeader } from "./headers.js";
import { fetcher } from "./server.js";
import { purpose } from "./session.js";
import { storage } from "./storage.js";
import { Withheld } from "./Withheld.jsx";

const PLUGINS = [DOC_EXPLORER_PLUGIN, HISTORY_PLUGIN];

const Playground = () => (
  <GraphiQLProvider
    fetcher={fetcher}
    storage={storage}
    plugins={PLUGINS}
    referencePlugin={DOC_EXPLORER_PLUGIN}
    shouldPersistHeaders={false}
    defaultHeaders={withHeader("", "Purpose", purpose.get())}
    defaultQuery={EXAMPLES[0].queries[0].query}
    inputValueDeprecation
    schemaDescription
  >
    <HistoryStore>
      <DocExplorerStore>
        <Bar />
        <main>
          <GraphiQLInterface defaultEditorToolsVisibility="headers" showPersistHeadersSettings={false}>
            <GraphiQL.Logo>
              <></>
            </GraphiQL.Logo>
            <GraphiQL.Footer>
              <Withheld />
            </GraphiQL.Footer>
          </GraphiQLInterface>
        </main>
      </DocExplorerStore>
    </HistoryStore>
  </GraphiQLProvider>
);

createRoot(document.getElementById("root")).render(<Playground />);
