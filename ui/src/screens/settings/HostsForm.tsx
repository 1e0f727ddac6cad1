import { Button } from "@fluentui/react-components";
import { useEffect, useRef, useState } from "react";
import type { CloudHosts, CloudView, Problem } from "../../backend/types";
import { ProblemView } from "../../components/ProblemView";
import { TextField } from "../../components/TextField";
import { useWords } from "../../words/useWords";
import { focusFirstInvalid } from "../setup/focusFirstInvalid";
import { useRowStyles } from "./rowStyles";

const HOSTS = ["login", "graph", "portal"] as const;

/** What Rust says of a host; it names fields `clouds.{key}.{host}`. */
function hostErrors(problem: Problem | null, key: string): Partial<Record<keyof CloudHosts, string>> {
  const errors: Partial<Record<keyof CloudHosts, string>> = {};
  for (const { field, message } of problem?.fields ?? []) {
    const host = HOSTS.find((name) => field === `clouds.${key}.${name}` || field === `clouds.${key}.hosts.${name}`);
    if (host !== undefined) {
      errors[host] = message;
    }
  }
  return errors;
}

/** The three hosts of a cloud. */
export function HostsForm({
  cloud,
  problem,
  pending,
  onSave,
  onDiscard,
}: {
  cloud: CloudView;
  problem: Problem | null;
  pending: boolean;
  onSave: (hosts: CloudHosts) => void;
  onDiscard: () => void;
}) {
  const t = useWords();
  const styles = useRowStyles();
  const element = useRef<HTMLFormElement>(null);
  const first = useRef<HTMLInputElement>(null);
  const [hosts, setHosts] = useState(cloud.hosts);
  const [tried, setTried] = useState(false);
  const said = hostErrors(problem, cloud.key);
  const empty = HOSTS.some((host) => hosts[host].trim() === "");
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
        if (empty) {
          setTimeout(() => focusFirstInvalid(element.current), 0);
        } else {
          onSave({ login: hosts.login.trim(), graph: hosts.graph.trim(), portal: hosts.portal.trim() });
        }
      }}
    >
      {HOSTS.map((host, index) => (
        <TextField
          key={host}
          ref={index === 0 ? first : undefined}
          label={t(`settings.${host}`)}
          hint={t("settings.hostHint")}
          required
          error={said[host] ?? (tried && hosts[host].trim() === "" ? t("settings.hostEmpty") : undefined)}
          value={hosts[host]}
          onChange={(_, data) => setHosts({ ...hosts, [host]: data.value })}
        />
      ))}
      {unplaced && <ProblemView problem={problem} />}
      <div className={styles.actions}>
        <Button type="submit" appearance="primary" disabledFocusable={pending}>
          {t("settings.saveCloud")}
        </Button>
        <Button onClick={onDiscard}>{t("settings.discard")}</Button>
      </div>
    </form>
  );
}
