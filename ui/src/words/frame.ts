/** The frame: header, navigation, banner. */
export const frame = {
  "frame.tenant": "Tenant {name}",
  "frame.cloud": "{name} cloud",
  "frame.account": "Signed in as {name}",
  "frame.practice": "Practice tenant.",
  "frame.practiceWhy": "Nothing here touches a real directory.",
  "frame.leave": "Leave",
  "frame.leavePractice": "Leave the practice tenant",
  "frame.skip": "Skip to content",
  "frame.nav": "Main",
  "nav.setup": "Set up",
  "nav.setupBusy": "Set up, changes are being made",
  "nav.verify": "Verify",
  "nav.activity": "Activity",
  "leave.title": "Leave while changes are being made?",
  "leave.why":
    "The run for {subject} is still going on. Leaving stops it after the request that is on its way. What it made stays, and Activity lists it.",
  "leave.stay": "Stay",
  "leave.stop": "Stop the run and leave",
} as const;
