import { Button, Field, makeStyles, Select, tokens } from "@fluentui/react-components";
import { useRef, useState } from "react";
import type { AppInfo, SignInRequest, SignInWay } from "../../backend/types";
import { TextField } from "../../components/TextField";
import { useWords } from "../../words/useWords";
import { focusFirstInvalid } from "../setup/focusFirstInvalid";
import { ClientChoice } from "./ClientChoice";
import { OtherWays } from "./OtherWays";
import { clientFault, clientOf, needsClient, OWN, type SignInField, type SignInForm, toSignIn } from "./signInForm";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXL },
  actions: { display: "flex", flexDirection: "column", alignItems: "flex-start", rowGap: tokens.spacingVerticalXS },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** Where to sign in, with which client, and how. */
export function SignInFields({
  info,
  form,
  onChange,
  errors,
  disabled,
  onSignIn,
  onHow,
}: {
  info: AppInfo;
  form: SignInForm;
  onChange: (part: Partial<SignInForm>) => void;
  /** What Rust said of a field. */
  errors: Partial<Record<SignInField, string>>;
  disabled: boolean;
  onSignIn: (request: SignInRequest) => void;
  onHow: () => void;
}) {
  const styles = useStyles();
  const t = useWords();
  const element = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState(false);
  const settings = info.settings;
  const clientId = clientOf(form, settings);
  const fault = form.client === OWN ? clientFault(clientId) : null;
  const understood = form.client === OWN || form.understood;

  const start = (way: SignInWay) => {
    if (needsClient(way)) {
      if (!understood) {
        return;
      }
      if (fault !== null) {
        setTried(true);
        // Its message is drawn first.
        setTimeout(() => focusFirstInvalid(element.current), 0);
        return;
      }
    }
    onSignIn(toSignIn(form, settings, way));
  };

  return (
    <form
      ref={element}
      noValidate
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        start("browser");
      }}
    >
      <Field
        label={t("signin.cloud")}
        hint={t("signin.cloudHint")}
        validationMessage={errors.cloud}
        validationState={errors.cloud ? "error" : "none"}
      >
        <Select value={form.cloud} onChange={(_, data) => onChange({ cloud: data.value })}>
          {info.clouds.map(({ key, name }) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <TextField
        label={t("signin.tenant")}
        hint={t("signin.tenantHint")}
        error={errors.tenant}
        value={form.tenant}
        onChange={(_, data) => onChange({ tenant: data.value })}
      />
      <ClientChoice
        info={info}
        form={form}
        onChange={onChange}
        error={errors.clientId ?? (tried && fault !== null ? t(fault) : undefined)}
        onHow={onHow}
      />
      <div className={styles.actions}>
        <Button type="submit" appearance="primary" data-sign-in="" disabledFocusable={disabled || !understood}>
          {t("signin.browser")}
        </Button>
        {!understood && <span className={styles.small}>{t("signin.understandFirst")}</span>}
      </div>
      <OtherWays disabled={disabled} understood={understood} onStart={start} />
    </form>
  );
}
