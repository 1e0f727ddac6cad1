/** Settings: what is kept on this computer between starts. */
export const settings = {
  "settings.title": "Settings",
  "settings.lead": "Kept on this computer. No secret and no sign-in is among them.",
  "settings.saved": "Saved.",
  "settings.saving": "Saving…",

  "settings.lock": "Lock",
  "settings.lockAfter": "Lock after",
  "settings.lockHint": "Time without a key or pointer. A lock forgets the sign-in and covers the window",
  "settings.minutes": "{minutes, plural, =0 {Never} one {# minute} other {# minutes}}",

  "settings.clouds": "Clouds",
  "settings.cloudsWhat": "Where each cloud is reached.",
  "settings.cloudsWarning":
    "Sign-ins and tokens go to these hosts. Change them only when Microsoft or your own network team has told you to: whoever owns a host gets what is sent to it.",
  "settings.login": "Sign-in host",
  "settings.graph": "Microsoft Graph host",
  "settings.portal": "Portal host",
  "settings.hostHint": "Its name alone, without https:// and path",
  "settings.hostEmpty": "Enter the name of a host.",
  "settings.edited": "changed from Microsoft's",
  "settings.change": "Change",
  "settings.changeCloud": "Change the hosts of {cloud}",
  "settings.reset": "Reset to Microsoft's",
  "settings.resetCloud": "Reset {cloud} to Microsoft's hosts",
  "settings.saveCloud": "Save these hosts",
  "settings.discard": "Discard",

  "settings.clients": "Apps to sign in with",
  "settings.clientsWhat":
    "The app registrations of your own that sign operators in. Connect fills them in by cloud and tenant.",
  "settings.noClients": "None yet.",
  "settings.clientCloud": "Cloud",
  "settings.clientTenant": "Tenant",
  "settings.clientTenantHint": "Its id or domain; empty for every tenant of the cloud",
  "settings.anyTenant": "every tenant",
  "settings.addClient": "Add an app",
  "settings.saveClient": "Add this app",
  "settings.removeClient": "Remove {client}",
  "settings.remove": "Remove",
  "settings.clientKnown": "This cloud and tenant have an app already. Remove it first.",

  "settings.network": "Network",
  "settings.networkWhat": "As this computer has it set. Inbound Access follows it.",
  "settings.proxy": "Proxy",
  "settings.noProxySet": "None: tenants are reached directly.",
  "settings.proxySource": "Set by",
  "settings.withoutProxy": "Reached without it",

  "settings.remembered": "Remembered tenants",
  "settings.rememberedWhat": "Offered when you sign in. Only names are kept.",
  "settings.noRemembered": "None yet.",
} as const;
