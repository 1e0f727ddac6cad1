import { Field, makeStyles, Radio, RadioGroup, tokens } from "@fluentui/react-components";
import { useConnection } from "../../app/connection";
import type { SecretGoes } from "../../backend/types";
import { useWords } from "../../words/useWords";

const useStyles = makeStyles({
  label: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS },
  title: { color: tokens.colorNeutralForeground1 },
  what: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
});

const PLACES: SecretGoes[] = ["intoKeychain", "shownOnce"];

/** Where a new secret goes: into the keychain, or before the operator's eyes and nowhere else. */
export function SecretPlaceChoice({
  chosen,
  onChoose,
  error,
}: {
  chosen: SecretGoes;
  onChoose: (place: SecretGoes) => void;
  error?: string;
}) {
  const styles = useStyles();
  const t = useWords();
  const { info } = useConnection();
  return (
    <Field label={t("app.secretGoes")} validationMessage={error} validationState={error ? "error" : "none"}>
      <RadioGroup value={chosen} onChange={(_, data) => onChoose(data.value as SecretGoes)}>
        {PLACES.map((place) => (
          <Radio
            key={place}
            value={place}
            label={
              <span className={styles.label}>
                <span className={styles.title}>{t(`app.${place}`)}</span>
                <span className={styles.what}>{t(`app.${place}What`, { keychain: info.keychain })}</span>
              </span>
            }
          />
        ))}
      </RadioGroup>
    </Field>
  );
}
