/* Before JupyterLite opens a notebook: can it work here? If not, say why and what else can be
   done. JupyterLite itself would wait in silence for a Python that does not come. */
"use strict";
(async () => {
  const asked = new URLSearchParams(location.search).get("path") ?? "";
  const path = /^book\/[\w/]+\.ipynb$/.test(asked) ? asked : "book/linear_collapse.ipynb";
  const notebook = `notebooks/index.html?path=${encodeURIComponent(path)}`;
  const KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel";

  const say = (text, ...ways) => {
    document.getElementById("say").textContent = text;
    const links = [...ways,
      ["Back to the chapter", `../${path.replace(/ipynb$/, "html")}`],
      ["Download the notebook", `files/${path}`]];
    document.getElementById("ways").replaceChildren(...links.flatMap(([label, href], i) => {
      const link = Object.assign(document.createElement("a"), { href, textContent: label });
      if (href.startsWith("files/")) link.download = "";
      return i ? [" · ", link] : [link];
    }));
  };

  // Throws where the address does not answer, or answers with an error.
  const reach = async (url) => {
    const answer = await fetch(url, { signal: AbortSignal.timeout(30_000) });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer;
  };

  const keepsData = () => new Promise((resolve) => {
    try {
      const request = indexedDB.open("bend-may-i-store");
      request.onerror = () => resolve(false);
      request.onsuccess = () => {
        request.result.close();
        indexedDB.deleteDatabase("bend-may-i-store");
        resolve(true);
      };
    } catch { resolve(false); }
  });

  if (location.protocol === "file:") {
    return say("This copy of the course was opened from disk, and browsers start no Python from "
      + "there. The pages work as they are. To change code, serve the folder with "
      + "“python -m http.server” and open http://localhost:8000, or open the notebook in Jupyter.");
  }
  if (typeof WebAssembly === "undefined") {
    return say("This browser cannot run Python: WebAssembly is missing or switched off. A current "
      + "Chrome, Edge, Firefox or Safari has it. The pages of the course work without it.");
  }
  let python;
  try {
    const settings = await (await reach("jupyter-lite.json")).json();
    python = new URL(settings["jupyter-config-data"].litePluginSettings[KERNEL].pyodideUrl, location);
    await reach(python);
  } catch {
    return say(`Python should come from ${python?.host ?? location.host}, which does not answer: `
      + "the connection is lost, or something between blocks it. The pages of the course work "
      + "without it.", ["Try again", location.href]);
  }
  const room = await navigator.storage?.estimate?.().catch(() => undefined);
  if (!(await keepsData()) || (room && room.quota - room.usage < 5e6)) {
    return say("The notebook runs here, but this window keeps nothing: it is a private one, or the "
      + "storage is full. Download what you want to keep before you close it.",
    ["Open the notebook", notebook]);
  }
  location.replace(notebook);
})();
