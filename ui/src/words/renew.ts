/** Renewing and removing client secrets. */
export const renew = {
  "renew.open": "Renew…",
  "renew.openOf": "Renew {what}…",
  "renew.make": "Make a secret…",
  "renew.title": "Renew this secret",
  "renew.makeTitle": "Make a client secret",
  "renew.how":
    "A new secret is made and kept in the {keychain}, and a token is asked for with it to prove that it works. Nothing is changed yet: you see the plan first.",
  "renew.lastDay": "Last day of the new secret",
  "renew.old": "The old secret",
  "renew.keep": "Keep both for a while",
  "renew.keepWhat":
    "{date, select, none {The old one goes on working, so nothing stops.} other {The old one goes on working until {date}, so nothing stops.}} Hand the new one over, then remove the old one here.",
  "renew.remove": "Remove the old one now",
  "renew.removeWhat":
    "As soon as the new one has proved to work. A program that still uses the old one can not get a token any more.",
  "renew.planning": "Making the plan…",
  "renew.cancel": "Cancel",
  "secretRow.remove": "Remove…",
  "secretRow.removeOf": "Remove {what}…",
} as const;
