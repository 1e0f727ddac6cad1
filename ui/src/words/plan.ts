/** The plan: what will be done, before it is done. */
export const plan = {
  "plan.title":
    "{count, plural, =0 {Nothing to change} one {One change} =2 {Two changes} =3 {Three changes} =4 {Four changes} =5 {Five changes} =6 {Six changes} =7 {Seven changes} other {# changes}}",
  "plan.in": "in {tenant} ({id}), for {subject}",
  "plan.lead": "Nothing has been changed yet. Open a step to see the exact request.",
  "plan.steps": "Steps of the plan",
  "plan.nothing": "{tenant} already is as wanted.",
  "plan.nothingWhat": "Every step below is already so. Running it again would change nothing.",
  "plan.verify": "Verify {name}",
  "plan.change": "Change the request",
  "plan.backToRequest": "Back to the request",
  "plan.make": "{count, plural, one {Make this change} other {Make these # changes}}",
  "plan.makeAndAsk":
    "{count, plural, =0 {Ask for consent to {asks, plural, one {one permission} other {# permissions}}} one {Make this change and ask for consent to {asks}} other {Make these # changes and ask for consent to {asks}}}",
  "plan.titleAsk":
    "{count, plural, =0 {Nothing to change} one {One change} =2 {Two changes} =3 {Three changes} =4 {Four changes} =5 {Five changes} =6 {Six changes} =7 {Seven changes} other {# changes}}, {asks, plural, one {one permission} other {# permissions}} to ask for",
  "plan.standing": "{count, plural, one {Step {steps}} other {Steps {steps}}}: {reason}",
  "plan.lastStep": "{first} and {last}",
  "plan.handOver": "{count, plural, one {Hand over this step} other {Hand over these # steps}}",
  "plan.handOverTitle": "Another administrator can grant what you may not",
  "plan.handOverWhat": "You make the rest now, and get a request to send to them. They grant exactly what it asks for.",
  "plan.handedOver":
    "{count, plural, one {Step {steps} is} other {Steps {steps} are}} left to another administrator. After the run you get a request to send to them.",
  "plan.takeBack": "{count, plural, one {Grant it in this run instead} other {Grant them in this run instead}}",
  "plan.again": "Read the tenant again",
  "plan.reading": "Reading {tenant} again…",
  "plan.undoable":
    "No other app, secret or permission is touched. What is made can be taken back with Undo. A deleted app can be restored in Entra for 30 days.",
  "plan.backToRun": "Back to the run",
  "plan.continueTitle":
    "Continue: {count, plural, =0 {nothing to change} one {one change} =2 {two changes} =3 {three changes} =4 {four changes} =5 {five changes} =6 {six changes} =7 {seven changes} other {# changes}}",
  "plan.continueTitleAsk":
    "Continue: {count, plural, =0 {nothing to change} one {one change} =2 {two changes} =3 {three changes} =4 {four changes} =5 {five changes} =6 {six changes} =7 {seven changes} other {# changes}}, {asks, plural, one {one permission} other {# permissions}} to ask for",
  "plan.continueNothing":
    "Nothing is left to do in the tenant. Finishing the run changes nothing there; it notes that all is done and gives you what the API developer needs.",
  "plan.finish": "Finish the run",
  "plan.undoTitle":
    "Undo: {count, plural, =0 {nothing to remove} one {one thing to remove} =2 {two things to remove} =3 {three things to remove} =4 {four things to remove} =5 {five things to remove} =6 {six things to remove} =7 {seven things to remove} other {# things to remove}}",
  "plan.undoLead":
    "Only what this run made is removed, and only where nobody has changed it since. Nothing has been removed yet. Open a step to see the exact request.",
  "plan.undoNothing": "Nothing that this run made is left to remove in {tenant}.",
  "plan.undoGone":
    "It is gone already. Noting that changes nothing in the tenant: the run is then listed as undone and not asked about any more.",
  "plan.undoStays": "What is still there stays for the reasons below.",
  "plan.noteUndone": "Note it as undone",
  "plan.undoConfirm":
    "{count, plural, one {This removes one thing} other {This removes # things}} from {tenant} ({id}). No other app, secret or permission is touched.",
  "plan.undoSoft": "What is deleted can be restored in Entra for 30 days where its step says so.",
  "plan.undoHard": "A grant or a secret that is removed cannot be restored; it would be made anew.",
  "plan.remove": "{count, plural, one {Remove this thing} other {Remove these # things}}",
  "plan.kept": "What stays, and why",
  "plan.watch": "see the warning",
  "plan.narrower": "A narrower permission would do",
  "plan.useIt": "Use {permission}",
  "effect.alreadySo": "already so",
  "effect.willCheck": "will check",
  "effect.willCreate": "will create",
  "effect.willChange": "will change",
  "effect.willGrant": "will grant",
  "effect.willAskConsent": "will ask for consent",
  "effect.willRemove": "will remove",
  "step.show": "Show the request of step {number}",
  "step.showMany": "Show the {count} requests of step {number}",
  "step.copy": "Copy request",
  "step.request": "Request",
} as const;
