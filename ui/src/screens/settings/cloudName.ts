import type { AppInfo } from "../../backend/types";

/** What operators call a cloud. */
export function cloudName(info: AppInfo, key: string): string {
  return info.clouds.find((cloud) => cloud.key === key)?.name ?? key;
}
