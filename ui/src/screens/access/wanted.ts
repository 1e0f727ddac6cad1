/** Permissions of Microsoft Graph that let a client do much the same or more, to look for besides those of the job. */
export const OTHERS = [
  "Application.ReadWrite.All",
  "Application.ReadWrite.OwnedBy",
  "AppRoleAssignment.ReadWrite.All",
  "AuditLog.Read.All",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
  "Group.ReadWrite.All",
  "ProvisioningLog.Read.All",
  "RoleManagement.ReadWrite.Directory",
  "Synchronization.Read.All",
  "Synchronization.ReadWrite.All",
  "SynchronizationData-User.Upload",
  "SynchronizationData-User.Upload.OwnedBy",
  "User.Read.All",
  "User.ReadWrite.All",
];

const VALUE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** Whether it may be a permission's value; whether the tenant knows it is Rust's to say. */
export function isValue(text: string): boolean {
  return VALUE.test(text);
}

/** Those of which a part is typed; all for nothing. */
export function suggested(values: string[], typed: string): string[] {
  const part = typed.trim().toLowerCase();
  return values.filter((value) => value.toLowerCase().includes(part));
}
