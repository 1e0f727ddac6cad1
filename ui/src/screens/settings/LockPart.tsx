import { Field, makeStyles, Select } from "@fluentui/react-components";
import type { AppInfo } from "../../backend/types";
import { Card } from "../../components/Card";
import { Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { useWords } from "../../words/useWords";
import { useSaving } from "./useSaving";

const CHOICES = [0, 5, 15, 30, 60];

const useStyles = makeStyles({ field: { maxWidth: "320px" } });

/** After how long without a touch the session locks. */
export function LockPart({ info }: { info: AppInfo }) {
  const styles = useStyles();
  const t = useWords();
  const saving = useSaving();
  const minutes = info.settings.lockAfterMinutes;
  // What somebody wrote into the file by hand is a choice too.
  const choices = CHOICES.includes(minutes) ? CHOICES : [...CHOICES, minutes].sort((one, other) => one - other);
  const error = saving.problem?.fields.find(({ field }) => field === "lockAfterMinutes")?.message;
  return (
    <Section title={t("settings.lock")}>
      <Card>
        <Field
          className={styles.field}
          label={t("settings.lockAfter")}
          hint={t("settings.lockHint")}
          validationMessage={error}
          validationState={error ? "error" : "none"}
        >
          <Select
            value={String(minutes)}
            onChange={(_, data) => saving.save((settings) => ({ ...settings, lockAfterMinutes: Number(data.value) }))}
          >
            {choices.map((choice) => (
              <option key={choice} value={String(choice)}>
                {t("settings.minutes", { minutes: choice })}
              </option>
            ))}
          </Select>
        </Field>
        {saving.problem !== null && error === undefined && <ProblemView problem={saving.problem} />}
      </Card>
    </Section>
  );
}
