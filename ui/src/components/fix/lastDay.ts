import { isoDay, monthsAfter } from "../../screens/setup/appForm";
import type { useWords } from "../../words/useWords";
import { formatDay } from "../When";

/** Why a day cannot be a secret's last one; none when it can. Rust checks again and knows the tenant's policy. */
export function lastDayProblem(t: ReturnType<typeof useWords>, day: string, today: Date): string | null {
  const farthest = monthsAfter(today, 24);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) {
    return t("app.lastDayEmpty");
  }
  if (day <= isoDay(today)) {
    return t("app.lastDayPast");
  }
  return day > farthest ? t("app.lastDayFar", { date: formatDay(farthest) ?? farthest }) : null;
}
