/** How to register an app that signs operators in, in the portal's own words. */
export const register = {
  "register.title": "Register an app to sign in with",
  "register.lead":
    "Once per tenant, by somebody who may register apps. The last step needs an administrator who may consent.",
  "register.cloud": "In the {cloud} cloud. Bold words are as the portal writes them.",
  "register.open": "Open the Entra admin center",
  "register.new": "Open <b>Entra ID</b>, then <b>App registrations</b>, then <b>New registration</b>.",
  "register.name": "Give it a <b>Name</b> by which sign-in logs can be read:",
  "register.nameValue": "Inbound Access",
  "register.types":
    "Under <b>Supported account types</b> choose <b>Accounts in this organizational directory only</b>.",
  "register.redirect":
    "Under <b>Redirect URI</b> choose <b>Public client/native (mobile & desktop)</b>, which <b>Authentication</b> later calls <b>Mobile and desktop applications</b>. Enter exactly:",
  "register.register": "Press <b>Register</b>.",
  "register.public":
    "Only for device codes: under <b>Authentication</b>, set <b>Allow public client flows</b> to <b>Yes</b>.",
  "register.scopes":
    "Under <b>API permissions</b> press <b>Add a permission</b>, <b>Microsoft Graph</b>, <b>Delegated permissions</b>, and add:",
  "register.optional": "These are optional. Without them Inbound Access says what it cannot see:",
  "register.optionalName": "Optional permissions",
  "register.scopesName": "Permissions to add",
  "register.consent":
    "Press <b>Grant admin consent for</b> your organisation. Being delegated, these permissions never let anybody do more than their own roles allow.",
  "register.copy":
    "Copy <b>Application (client) ID</b> from <b>Overview</b>, paste it as the client id, and press “Test it”. A new app can take a minute until it is known everywhere.",
  "register.field.name": "Name",
  "register.field.redirect": "Redirect URI",
} as const;
