import { Field, makeStyles, Radio, RadioGroup, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import type { PersonaView } from "../../backend/types";
import { Name } from "../../components/Name";
import { useWords } from "../../words/useWords";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXL },
  label: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS },
  line: { color: tokens.colorNeutralForeground1 },
  who: { fontWeight: tokens.fontWeightSemibold },
  what: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
});

/** Whom to be on the practice tenant: name, roles, and what they can do of the job. */
export function PersonaChoice({
  personas,
  chosen,
  onChoose,
  disabled,
  action,
}: {
  personas: PersonaView[];
  chosen: string;
  onChoose: (key: string) => void;
  disabled: boolean;
  action: ReactNode;
}) {
  const styles = useStyles();
  const t = useWords();
  return (
    <div className={styles.form}>
      <Field label={t("connect.persona")}>
        <RadioGroup value={chosen} onChange={(_, data) => onChoose(data.value)} disabled={disabled} name="persona">
          {personas.map((persona) => (
            <Radio
              key={persona.key}
              value={persona.key}
              label={
                <span className={styles.label}>
                  <span className={styles.line}>
                    <span className={styles.who}>
                      <Name text={persona.name} />
                    </span>{" "}
                    · {persona.roles}
                  </span>
                  <span className={styles.what}>{persona.explanation}</span>
                </span>
              }
            />
          ))}
        </RadioGroup>
      </Field>
      {action}
    </div>
  );
}
