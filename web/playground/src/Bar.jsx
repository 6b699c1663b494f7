import { useEffect, useState } from "react";
import { Examples } from "./Examples.jsx";
import { Hint } from "./Hint.jsx";
import icon from "./icon.svg";
import { Purpose } from "./Purpose.jsx";
import { SignIn } from "./SignIn.jsx";
import { personas as demo } from "./server.js";
import { useHeaders } from "./useHeaders.js";

/** Everything above the editor: who asks, what for, and examples of what to ask. */
export function Bar() {
  const [personas, setPersonas] = useState([]);
  const [chosen, setChosen] = useState(null);
  const headers = useHeaders();

  useEffect(() => {
    demo().then(setPersonas, () => setPersonas([]));
  }, []);

  const choose = (persona) => {
    setChosen(persona);
    if (persona) headers.state(persona.purpose ?? "");
  };

  return (
    <header className="savas-bar">
      <div className="savas-row">
        <h1>
          <img src={icon} alt="" width="26" height="26" />
          Savas <span>playground</span>
        </h1>
        <SignIn personas={personas} chosen={chosen} onChoose={choose} />
        <div className="savas-group savas-ask">
          <Purpose headers={headers} />
          <Examples chosen={chosen} headers={headers} />
        </div>
      </div>
      <Hint demo={personas.length > 0} />
    </header>
  );
}
