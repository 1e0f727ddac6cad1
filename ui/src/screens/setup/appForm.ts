import { z } from "zod";
import type { AppChoice, SecretGoes, SetupRequest } from "../../backend/types";
import { formatDay } from "../../components/When";
import type { WordId } from "../../words/useWords";

// zod would otherwise try whether it may evaluate code, which the content security policy stops and reports.
z.config({ jitless: true });

/** The lives of a secret that are offered by name, in months. */
export const LIVES = ["3", "6", "12", "24"] as const;
const LONGEST_LIFE = 24;
const LONGEST_NAME = 120;
const LONGEST_DESCRIPTION = 120;
const LONGEST_NOTE = 1000;
const CONTROL = /\p{Cc}/u;

/** What the form for an app registration holds. */
export interface AppForm {
  name: string;
  /** "" as long as nothing is chosen, `another`, or the client id of the app to use. */
  choice: string;
  /** Months, or `date`. */
  life: (typeof LIVES)[number] | "date";
  /** `YYYY-MM-DD`, used when `life` is `date`. */
  lastDay: string;
  permissionSet: string;
  secretGoes: SecretGoes;
  description: string;
  note: string;
}

export function emptyAppForm(permissionSet: string): AppForm {
  return {
    name: "",
    choice: "",
    life: "6",
    lastDay: "",
    permissionSet,
    secretGoes: "intoKeychain",
    description: "",
    note: "",
  };
}

/**
 * `YYYY-MM-DD` in UTC, as Rust and Entra count a secret's days: where the local date is already the next one,
 * 24 months from it would be one day too many.
 */
export function isoDay(day: Date): string {
  return day.toISOString().slice(0, 10);
}

/** The same day `months` later, or the month's last where it has no such day. */
export function monthsAfter(today: Date, months: number): string {
  const year = today.getUTCFullYear();
  const month = today.getUTCMonth() + months;
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return isoDay(new Date(Date.UTC(year, month, Math.min(today.getUTCDate(), last))));
}

/** Tomorrow: the first day that a secret may end on. */
export function tomorrow(today: Date): string {
  return isoDay(new Date(today.getTime() + 86_400_000));
}

/** The last day of the secret's life as the form stands; "" when none is chosen yet. */
export function lastDayOf(form: Pick<AppForm, "life" | "lastDay">, today: Date): string {
  return form.life === "date" ? form.lastDay : monthsAfter(today, Number(form.life));
}

type Translate = (id: WordId, values?: Record<string, string | number>) => string;

/** The checks that need no tenant, for an answer while typing. Rust checks again and has the last word. */
export function appFormSchema(t: Translate, today: Date) {
  const length = (text: string) => [...text].length;
  return z
    .object({
      name: z.string(),
      choice: z.string(),
      life: z.enum([...LIVES, "date"]),
      lastDay: z.string(),
      permissionSet: z.string().min(1, t("setup.permissionsMissing")),
      secretGoes: z.enum(["intoKeychain", "shownOnce"]),
      description: z.string(),
      note: z.string(),
    })
    .superRefine((form, context) => {
      const refuse = (path: keyof AppForm, message: string) =>
        context.addIssue({ code: "custom", path: [path], message });
      const name = form.name.trim();
      if (name === "") {
        refuse("name", t("app.nameEmpty"));
      } else if (CONTROL.test(name)) {
        refuse("name", t("app.nameControl"));
      } else if (length(name) > LONGEST_NAME) {
        refuse("name", t("app.nameLong", { count: length(name) }));
      }
      if (form.life === "date") {
        const farthest = monthsAfter(today, LONGEST_LIFE);
        if (!/^\d{4}-\d{2}-\d{2}$/.test(form.lastDay)) {
          refuse("lastDay", t("app.lastDayEmpty"));
        } else if (form.lastDay <= isoDay(today)) {
          refuse("lastDay", t("app.lastDayPast"));
        } else if (form.lastDay > farthest) {
          refuse("lastDay", t("app.lastDayFar", { date: formatDay(farthest) ?? farthest }));
        }
      }
      if (length(form.description.trim()) > LONGEST_DESCRIPTION) {
        refuse("description", t("app.descriptionLong", { count: length(form.description.trim()) }));
      }
      if (length(form.note.trim()) > LONGEST_NOTE) {
        refuse("note", t("app.noteLong", { count: length(form.note.trim()) }));
      }
    });
}

/** What is asked of Rust. `ours` is the app of this name that Inbound Access made, if there is one. */
export function toRequest(form: AppForm, ours: string | null, permissions: string[], today: Date): SetupRequest {
  const orNone = (text: string) => (text.trim() === "" ? null : text.trim());
  return {
    kind: "appRegistration",
    name: form.name.trim(),
    app: appChoice(form.choice, ours),
    note: orNone(form.note),
    secretDescription: orNone(form.description),
    secretExpires: lastDayOf(form, today),
    permissions,
    askConsent: false,
    secretGoes: form.secretGoes,
  };
}

function appChoice(choice: string, ours: string | null): AppChoice {
  if (choice === "another") {
    return { kind: "another" };
  }
  return choice === "" || choice === ours ? { kind: "byName" } : { kind: "existing", clientId: choice };
}

/** The form's field for a field of the request, as Rust names it in a `FieldProblem`. */
export function formField(requestField: string, life: AppForm["life"]): keyof AppForm | null {
  switch (requestField) {
    case "name":
    case "note":
    case "secretGoes":
      return requestField;
    case "app":
    case "app.clientId":
      return "choice";
    case "secretDescription":
      return "description";
    case "secretExpires":
      return life === "date" ? "lastDay" : "life";
    case "permissions":
      return "permissionSet";
    default:
      return null;
  }
}
