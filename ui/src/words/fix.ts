/** What mends a finding: its plan and its run. */
export const fix = {
  "fix.revoke": "Revoke {count, plural, one {this permission} =2 {2 permissions} other {# permissions}}",
  "fix.removeSecret": "Remove a client secret",
  "fix.removeSecretDo": "Remove this secret",
  "fix.takes": "This takes something away in {tenant} ({id}). Whoever uses it notices at once or when its token ends.",
  "fix.undo": "No other app, secret or permission is touched. What is made can be taken back with Undo.",
  "fix.revokeUndo":
    "No other app, secret or permission is touched. Undo grants {count, plural, one {it} other {them}} again. A token that was issued before keeps what it holds until it ends, an hour as a rule; up to 24 hours for a managed identity.",
  "fix.removeSecretUndo":
    "No other app, secret or permission is touched. A secret that is removed cannot be restored; a new one would be made.",
  "fix.rotateUndo":
    "No other app, secret or permission is touched. The old secret is removed only after the new one has proved to work, and cannot be restored then.",
  "fix.done": "Changed",
  "fix.doneRevoke": "{count, plural, one {The permission is revoked} other {The permissions are revoked}}",
  "fix.doneRotate": "The new secret works",
  "fix.doneRemove": "The secret is removed",
  "fix.backToVerify": "Back to {name}",
  "fix.verifyAgain": "Verify {name} again",
  "fix.undoTitle":
    "Undo: {count, plural, one {one change} =2 {two changes} =3 {three changes} =4 {four changes} =5 {five changes} other {# changes}}",
  "fix.undoLead":
    "What this run changed is put back, and only where nobody has changed it since. Nothing has been changed yet. Open a step to see the exact request.",
  "fix.undoConfirm": "This makes {count, plural, one {one change} other {# changes}} in {tenant} ({id}).",
  "fix.undoing": "Undoing {count, plural, one {one change} other {# changes}}",
  "fix.undoFailed": "Not everything was put back",
} as const;
