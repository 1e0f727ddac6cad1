/** The hand-over to the API developer. */
export const handover = {
  "handover.open": "Hand over to the API developer…",
  "handover.title": "Hand over to the API developer",
  "handover.titleOf": "Hand over {name}",
  "handover.lead":
    "What a program needs to upload users as this client. It holds no secret; its place is named instead.",
  "handover.back": "Back",
  "handover.job": "For the provisioning job",
  "handover.jobAny": "The one that is ready",
  "handover.facts": "Facts",
  "handover.copyAll": "Copy all facts",
  "handover.allFacts": "All facts",
  "handover.snippets": "Ready to run",
  "handover.kinds": "Kinds of program",
  "handover.textOf": "{title}, text",
  "handover.copy": "Copy",
  "handover.save": "Save…",
  "handover.saveWhat": "Save {title}…",
  "handover.saved": "Saved as {path}.",
  "handover.reading": "Reading {tenant}…",
  "handover.none": "There is no text for this client.",
} as const;
