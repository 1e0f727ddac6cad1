import { Button, MessageBar, MessageBarBody } from "@fluentui/react-components";
import { useEffect, useRef, useState } from "react";
import type { AppInfo, CloudHosts, CloudView, Settings } from "../../backend/types";
import { Card } from "../../components/Card";
import { Code } from "../../components/Id";
import { Mark } from "../../components/Mark";
import { Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { useWords } from "../../words/useWords";
import { HostsForm } from "./HostsForm";
import { useRowStyles } from "./rowStyles";
import { type Saving, useSaving } from "./useSaving";

/** Where each cloud is reached, with the warning that tokens go there. */
export function CloudsPart({ info }: { info: AppInfo }) {
  const t = useWords();
  const styles = useRowStyles();
  const saving = useSaving();
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Section title={t("settings.clouds")}>
      <Card>
        <span className={styles.what}>{t("settings.cloudsWhat")}</span>
        <ul className={styles.list} aria-label={t("settings.clouds")}>
          {info.clouds.map((cloud) => (
            <li key={cloud.key} className={styles.row}>
              <CloudRow
                cloud={cloud}
                open={open === cloud.key}
                saving={saving}
                onOpen={(wanted) => {
                  saving.reset();
                  setOpen(wanted ? cloud.key : null);
                }}
              />
            </li>
          ))}
        </ul>
        {open === null && saving.problem !== null && <ProblemView problem={saving.problem} />}
      </Card>
    </Section>
  );
}

function CloudRow({
  cloud,
  open,
  saving,
  onOpen,
}: {
  cloud: CloudView;
  open: boolean;
  saving: Saving;
  onOpen: (open: boolean) => void;
}) {
  const t = useWords();
  const styles = useRowStyles();
  const { key, name, hosts } = cloud;
  const change = useRef<HTMLButtonElement>(null);

  // Whoever closes the form stands before the button that opened it.
  const was = useRef(open);
  useEffect(() => {
    if (was.current && !open) {
      change.current?.focus();
    }
    was.current = open;
  }, [open]);

  return (
    <>
      <span className={styles.text}>
        <span>
          <strong>{name}</strong>
        </span>
        {cloud.edited && <Mark tone="warn">{t("settings.edited")}</Mark>}
        {!open && (
          <span className={styles.small}>
            <Code>{hosts.login}</Code> · <Code>{hosts.graph}</Code> · <Code>{hosts.portal}</Code>
          </span>
        )}
      </span>
      {open ? (
        <div className={styles.below}>
          <div className={styles.form}>
            <MessageBar intent="warning" layout="multiline">
              <MessageBarBody>{t("settings.cloudsWarning")}</MessageBarBody>
            </MessageBar>
            <HostsForm
              cloud={cloud}
              problem={saving.problem}
              pending={saving.pending}
              onSave={(wanted) =>
                saving.save(
                  (settings) => withHosts(settings, key, wanted),
                  () => onOpen(false),
                )
              }
              onDiscard={() => onOpen(false)}
            />
          </div>
        </div>
      ) : (
        <span className={styles.actions}>
          {cloud.edited && (
            <Button
              size="small"
              aria-label={t("settings.resetCloud", { cloud: name })}
              disabledFocusable={saving.pending}
              onClick={() => {
                // The button goes with what it takes back.
                change.current?.focus();
                saving.save((settings) => withoutHosts(settings, key));
              }}
            >
              {t("settings.reset")}
            </Button>
          )}
          <Button
            ref={change}
            size="small"
            aria-label={t("settings.changeCloud", { cloud: name })}
            disabledFocusable={saving.pending}
            onClick={() => onOpen(true)}
          >
            {t("settings.change")}
          </Button>
        </span>
      )}
    </>
  );
}

function withoutHosts(settings: Settings, key: string): Settings {
  return { ...settings, clouds: settings.clouds.filter((cloud) => cloud.key !== key) };
}

function withHosts(settings: Settings, key: string, hosts: CloudHosts): Settings {
  return { ...settings, clouds: [...withoutHosts(settings, key).clouds, { key, hosts }] };
}
