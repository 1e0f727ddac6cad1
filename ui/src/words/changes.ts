/** What is different since the last look. */
export const changes = {
  "changes.title": "Changes since last time",
  "changes.since": "Since {time}, when {operator} looked:",
  "changes.none": "Nothing has changed since {time}, when {operator} looked.",
  "changes.added": "New",
  "changes.removed": "Gone",
  "changes.changed": "Changed",
  "changes.more": "{count, plural, one {One more change is not listed.} other {# more changes are not listed.}}",
  "changes.firstVerify":
    "This principal was not verified from this computer before. The next time shows what has changed.",
} as const;
