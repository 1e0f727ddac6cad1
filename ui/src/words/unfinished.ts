/** Runs that did not come to their end, and what one can do with them. */
export const unfinished = {
  "unfinished.title": "A run is not finished",
  "unfinished.run": "For {subject} · {when} · by {operator}",
  "unfinished.exists":
    "{count, plural, =0 {Nothing that it made exists.} one {One thing that it made exists.} other {# things that it made exist.}}",
  "unfinished.more": "{count, plural, one {One more run is not finished.} other {# more runs are not finished.}}",
  "unfinished.activity": "See them in Activity",
  "unfinished.leftNow": "The run for {subject} is left as it is. It can still be continued from Activity.",
  "ways.title": "What you can do",
  "ways.continue": "Continue",
  "ways.undo": "Undo",
  "ways.undoRest": "Undo the rest",
  "ways.undoRun": "Undo this run",
  "ways.leave": "Leave it",
  "ways.see": "See the run",
  "ways.continueWhat": "Continue does the rest. You see the plan of it first.",
  "ways.undoWhat": "Undo takes back what this run made. You see what would be removed first.",
  "ways.leaveWhat":
    "Leave it changes nothing. The run stays as it is and is not asked about any more; it can still be continued from Activity.",
  "ways.wasLeft": "It was left as it is and is not asked about.",
  "ways.reading": "Reading {tenant}…",
  "ways.leaving": "Noting it…",
  "ways.busy": "Another run goes on. Wait for its end.",
  "ways.old":
    "An earlier version kept this run and did not write down what was asked for. Plan the same again: what exists is found, and only the rest is done.",
  "ways.planAgain": "Plan again",
  "ways.otherTenant": "Sign in to {tenant} to continue, undo or leave it.",
} as const;
