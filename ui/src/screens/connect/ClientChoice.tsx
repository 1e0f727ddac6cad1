import { Checkbox, Field, makeStyles, Radio, RadioGroup, tokens } from "@fluentui/react-components";
import type { AppInfo } from "../../backend/types";
import { Code } from "../../components/Id";
import { TextField } from "../../components/TextField";
import { useWords } from "../../words/useWords";
import { OWN, ownClient, type SignInForm } from "./signInForm";
import { TestClient } from "./TestClient";

const useStyles = makeStyles({
  box: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
  label: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS },
  title: { fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground1 },
  what: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
  meaning: {
    borderInlineStartWidth: tokens.strokeWidthThicker,
    borderInlineStartStyle: "solid",
    borderInlineStartColor: tokens.colorStatusWarningBorder2,
    paddingInlineStart: tokens.spacingHorizontalL,
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXS,
  },
  words: { margin: 0 },
});

/** Which client signs in: one's own, or one of Microsoft's as a conscious choice. */
export function ClientChoice({
  info,
  form,
  onChange,
  error,
  onHow,
}: {
  info: AppInfo;
  form: SignInForm;
  onChange: (part: Partial<SignInForm>) => void;
  error?: string;
  onHow: () => void;
}) {
  const styles = useStyles();
  const t = useWords();
  const own = ownClient(form, info.settings);
  const microsofts = info.microsoftClients.find(({ clientId }) => clientId === form.client);
  return (
    <div className={styles.box}>
      <Field label={t("signin.client")}>
        <RadioGroup value={form.client} onChange={(_, data) => onChange({ client: data.value, understood: false })}>
          <Radio
            value={OWN}
            label={
              <span className={styles.label}>
                <span className={styles.title}>{t("signin.own")}</span>
                <span className={styles.what}>{t("signin.ownWhat")}</span>
              </span>
            }
          />
          {info.microsoftClients.map(({ clientId, name }) => (
            <Radio
              key={clientId}
              value={clientId}
              label={
                <span className={styles.label}>
                  <span className={styles.title}>{name}</span>
                  <span className={styles.what}>{t("signin.microsoftWhat")}</span>
                </span>
              }
            />
          ))}
        </RadioGroup>
      </Field>
      {microsofts === undefined ? (
        <>
          <TextField
            label={t("signin.clientId")}
            hint={t("signin.clientIdHint")}
            error={error}
            required
            value={own}
            onChange={(_, data) => onChange({ ownClient: data.value })}
          />
          <TestClient
            key={`${form.cloud} ${form.tenant} ${own}`}
            cloud={form.cloud}
            tenant={form.tenant}
            clientId={own}
            onHow={onHow}
          />
        </>
      ) : (
        <div className={styles.meaning}>
          <p className={styles.words}>{microsofts.meaning}</p>
          <Code>{microsofts.clientId}</Code>
          <Checkbox
            checked={form.understood}
            onChange={(_, data) => onChange({ understood: data.checked === true })}
            label={t("signin.understand")}
          />
          {error !== undefined && <span className={styles.what}>{error}</span>}
        </div>
      )}
    </div>
  );
}
