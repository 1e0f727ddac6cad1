/** A plan or a run as text that does the same elsewhere. */
export const scripts = {
  "scripts.copyAs": "Copy as…",
  "scripts.asScript": "What it did, as a script…",
  "scripts.planTitle": "These changes as a script",
  "scripts.planLead": "To review them, or to make them elsewhere. Nothing is run from here, and no secret is in it.",
  "scripts.runTitle": "What this run did, as a script",
  "scripts.runLead": "To review it, or to do the same elsewhere. Nothing is run from here, and no secret is in it.",
  "scripts.kinds": "Kinds of script",
  "scripts.none": "Nothing of it can be told as a script.",
  "scripts.close": "Close",
} as const;
