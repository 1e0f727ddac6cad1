import { Field, makeStyles, Radio, RadioGroup, tokens } from "@fluentui/react-components";
import type { UseQueryResult } from "@tanstack/react-query";
import type { NameCheck, Problem } from "../../backend/types";
import { ShortId } from "../../components/Id";
import { When } from "../../components/When";
import { useWords, type WordId, Words } from "../../words/useWords";

const useStyles = makeStyles({
  box: {
    borderInlineStartWidth: tokens.strokeWidthThicker,
    borderInlineStartStyle: "solid",
    borderInlineStartColor: tokens.colorStatusWarningBorder2,
    paddingInlineStart: tokens.spacingHorizontalL,
  },
  label: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS },
  title: { fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground1 },
  small: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
});

/** What stands under the name while it is typed; `null` where there is nothing to say of it. */
export function nameHint(
  t: (id: WordId, values?: Record<string, string>) => string,
  name: string,
  rested: string,
  check: UseQueryResult<NameCheck, Problem>,
): string | null {
  if (name === "") {
    return null;
  }
  if (rested !== name || check.isFetching) {
    return t("app.nameChecking");
  }
  if (check.isError) {
    return t("app.nameUnchecked", { why: check.error.message });
  }
  return check.data?.takenBy.length === 0 && check.data.problem === null ? t("app.nameFree") : null;
}

/** The apps that bear the name already: use one of them, or make another. */
export function NameTaken({
  check,
  chosen,
  onChoose,
  error,
}: {
  check: NameCheck;
  chosen: string;
  onChoose: (choice: string) => void;
  error?: string;
}) {
  const styles = useStyles();
  const t = useWords();
  return (
    <div className={styles.box}>
      <Field
        label={t("app.taken", { count: check.takenBy.length })}
        validationMessage={error}
        validationState={error ? "error" : "none"}
      >
        <RadioGroup value={chosen} onChange={(_, data) => onChoose(data.value)}>
          {check.takenBy.map((app) => (
            <Radio
              key={app.clientId}
              value={app.clientId}
              label={
                <span className={styles.label}>
                  <span className={styles.title}>{t("app.useThis")}</span>
                  <span className={styles.small}>
                    {t("word.clientId")} <ShortId id={app.clientId} />
                    {app.created !== null && (
                      <>
                        {" · "}
                        <Words id="word.created" values={{ date: <When at={app.created} day /> }} />
                      </>
                    )}
                    {app.enabled === false && ` · ${t("word.disabled")}`}
                    {app.clientId === check.ours && ` · ${t("app.ours")}`}
                  </span>
                </span>
              }
            />
          ))}
          <Radio
            value="another"
            label={
              <span className={styles.label}>
                <span className={styles.title}>{t("app.makeAnother")}</span>
                <span className={styles.small}>{t("app.makeAnotherWhy")}</span>
              </span>
            }
          />
        </RadioGroup>
      </Field>
    </div>
  );
}
