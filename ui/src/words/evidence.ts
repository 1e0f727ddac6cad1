/** Saving evidence of what was seen or done. */
export const evidence = {
  "evidence.save": "Save evidence…",
  "evidence.html": "Report (HTML)",
  "evidence.htmlWhat": "One page to read, print or file. Opens in any browser.",
  "evidence.csv": "Table (CSV)",
  "evidence.csvWhat": "The rows, for a spreadsheet.",
  "evidence.json": "Data (JSON)",
  "evidence.jsonWhat": "Everything, with a published schema, for another program.",
  "evidence.saved": "The evidence is saved as {path}. It holds no secret.",
} as const;
