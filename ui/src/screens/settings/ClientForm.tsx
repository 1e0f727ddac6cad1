import { Button, Field, Select } from "@fluentui/react-components";
import { useEffect, useRef, useState } from "react";
import type { AppInfo, ClientSetting, Problem } from "../../backend/types";
import { ProblemView } from "../../components/ProblemView";
import { TextField } from "../../components/TextField";
import { useWords } from "../../words/useWords";
import { clientFault } from "../connect/signInForm";
import { TestClient } from "../connect/TestClient";
import { focusFirstInvalid } from "../setup/focusFirstInvalid";
import { keyOf } from "./ClientsPart";
import { useRowStyles } from "./rowStyles";

const FIELDS = ["cloud", "tenant", "clientId"] as const;

/** What Rust says of the client that is added, which it finds last: `clients.{index}.{field}`. */
function clientErrors(problem: Problem | null, index: number): Partial<Record<keyof ClientSetting, string>> {
  const errors: Partial<Record<keyof ClientSetting, string>> = {};
  for (const { field, message } of problem?.fields ?? []) {
    const name = FIELDS.find((candidate) => field === `clients.${index}.${candidate}`);
    if (name !== undefined) {
      errors[name] = message;
    }
  }
  return errors;
}

/** A client of one's own for one cloud and tenant, to be tested before it is kept. */
export function ClientForm({
  info,
  problem,
  pending,
  onSave,
  onDiscard,
  onHow,
}: {
  info: AppInfo;
  problem: Problem | null;
  pending: boolean;
  onSave: (client: ClientSetting) => void;
  onDiscard: () => void;
  onHow: (cloud: string) => void;
}) {
  const t = useWords();
  const styles = useRowStyles();
  const element = useRef<HTMLFormElement>(null);
  const first = useRef<HTMLSelectElement>(null);
  const [client, setClient] = useState({ cloud: info.clouds[0]?.key ?? "global", tenant: "", clientId: "" });
  const [tried, setTried] = useState(false);
  const change = (part: Partial<ClientSetting>) => setClient({ ...client, ...part });
  const wanted = { ...client, tenant: client.tenant.trim(), clientId: client.clientId.trim() };
  const said = clientErrors(problem, info.settings.clients.length);
  const fault = clientFault(wanted.clientId);
  const known = info.settings.clients.some((other) => keyOf(other) === keyOf(wanted));
  const unplaced = problem !== null && Object.keys(said).length === 0;

  useEffect(() => first.current?.focus(), []);
  // Every refused press leads to the first field to mend.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after each refusal, not while one types
  useEffect(() => focusFirstInvalid(element.current), [problem]);

  return (
    <form
      ref={element}
      noValidate
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (fault !== null || known) {
          setTimeout(() => focusFirstInvalid(element.current), 0);
        } else {
          onSave(wanted);
        }
      }}
    >
      <Field
        label={t("settings.clientCloud")}
        validationMessage={said.cloud}
        validationState={said.cloud ? "error" : "none"}
      >
        <Select ref={first} value={client.cloud} onChange={(_, data) => change({ cloud: data.value })}>
          {info.clouds.map(({ key, name }) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <TextField
        label={t("settings.clientTenant")}
        hint={t("settings.clientTenantHint")}
        error={said.tenant ?? (tried && known ? t("settings.clientKnown") : undefined)}
        value={client.tenant}
        onChange={(_, data) => change({ tenant: data.value })}
      />
      <TextField
        label={t("signin.clientId")}
        hint={t("signin.clientIdHint")}
        required
        error={said.clientId ?? (tried && fault !== null ? t(fault) : undefined)}
        value={client.clientId}
        onChange={(_, data) => change({ clientId: data.value })}
      />
      <TestClient key={Object.values(client).join(" ")} {...client} onHow={() => onHow(client.cloud)} />
      {unplaced && <ProblemView problem={problem} />}
      <div className={styles.actions}>
        <Button type="submit" appearance="primary" disabledFocusable={pending}>
          {t("settings.saveClient")}
        </Button>
        <Button onClick={onDiscard}>{t("settings.discard")}</Button>
      </div>
    </form>
  );
}
