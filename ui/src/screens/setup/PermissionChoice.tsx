import { Field, makeStyles, Radio, RadioGroup, tokens } from "@fluentui/react-components";
import type { PermissionSet } from "../../backend/types";
import { Code } from "../../components/Id";
import { useWords } from "../../words/useWords";

const useStyles = makeStyles({
  label: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS },
  title: { fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground1 },
  what: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
});

/** Which permissions the principal gets, as named sets; what each set holds is in sight. */
export function PermissionChoice({
  sets,
  chosen,
  onChoose,
  error,
}: {
  sets: PermissionSet[];
  chosen: string;
  onChoose: (key: string) => void;
  error?: string;
}) {
  const styles = useStyles();
  const t = useWords();
  return (
    <Field label={t("setup.permissions")} validationMessage={error} validationState={error ? "error" : "none"}>
      <RadioGroup value={chosen} onChange={(_, data) => onChoose(data.value)}>
        {sets.map((set) => (
          <Radio
            key={set.key}
            value={set.key}
            disabled={!set.available}
            label={
              <span className={styles.label}>
                <span>
                  <span className={set.available ? styles.title : undefined}>{set.title}</span>
                  {!set.available && ` · ${t("setup.unavailable")}`}
                </span>
                <span className={styles.what}>{set.explanation}</span>
                <span className={styles.what}>
                  {set.permissions.map((permission, index) => (
                    <span key={permission.value}>
                      {index > 0 && " + "}
                      <Code>{permission.value}</Code>
                    </span>
                  ))}
                </span>
              </span>
            }
          />
        ))}
      </RadioGroup>
    </Field>
  );
}
