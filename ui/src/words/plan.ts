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
    "No other app, secret or permission is touched. What is made can be removed again in Entra, where a deleted app can be restored for 30 days.",
  "plan.watch": "see the warning",
  "plan.narrower": "A narrower permission would do",
  "plan.useIt": "Use {permission}",
  "effect.alreadySo": "already so",
  "effect.willCheck": "will check",
  "effect.willCreate": "will create",
  "effect.willChange": "will change",
  "effect.willGrant": "will grant",
  "effect.willAskConsent": "will ask for consent",
  "step.show": "Show the request of step {number}",
  "step.showMany": "Show the {count} requests of step {number}",
  "step.copy": "Copy request",
  "step.request": "Request",
} as const;
