import { Button, Text } from "@fluentui/react-components";
import { useEffect, useRef, useState } from "react";
import type { AppInfo, ClientSetting } from "../../backend/types";
import { Card } from "../../components/Card";
import { CopyId } from "../../components/Id";
import { Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { useWords } from "../../words/useWords";
import { ClientForm } from "./ClientForm";
import { cloudName } from "./cloudName";
import { useRowStyles } from "./rowStyles";
import { useSaving } from "./useSaving";

/** The public clients of one's own, by cloud and tenant. */
export function ClientsPart({ info, onHow }: { info: AppInfo; onHow: (cloud: string) => void }) {
  const t = useWords();
  const styles = useRowStyles();
  const saving = useSaving();
  const [adding, setAdding] = useState(false);
  const add = useRef<HTMLButtonElement>(null);
  const { clients } = info.settings;

  // Whoever closes the form stands before the button that opened it.
  const was = useRef(adding);
  useEffect(() => {
    if (was.current && !adding) {
      add.current?.focus();
    }
    was.current = adding;
  }, [adding]);

  return (
    <Section title={t("settings.clients")}>
      <Card>
        <span className={styles.what}>{t("settings.clientsWhat")}</span>
        {clients.length === 0 ? (
          <Text>{t("settings.noClients")}</Text>
        ) : (
          <ul className={styles.list} aria-label={t("settings.clients")}>
            {clients.map((client) => (
              <li key={keyOf(client)} className={styles.row}>
                <span className={styles.text}>
                  <CopyId whole id={client.clientId} what={t("word.clientId")} />
                  <span className={styles.small}>
                    {cloudName(info, client.cloud)} · {client.tenant === "" ? t("settings.anyTenant") : client.tenant}
                  </span>
                </span>
                <Button
                  size="small"
                  aria-label={t("settings.removeClient", { client: client.clientId })}
                  disabledFocusable={saving.pending}
                  onClick={() => {
                    add.current?.focus();
                    saving.save((settings) => ({
                      ...settings,
                      clients: settings.clients.filter((other) => keyOf(other) !== keyOf(client)),
                    }));
                  }}
                >
                  {t("settings.remove")}
                </Button>
              </li>
            ))}
          </ul>
        )}
        {adding ? (
          <ClientForm
            info={info}
            problem={saving.problem}
            pending={saving.pending}
            onSave={(client) =>
              saving.save(
                (settings) => ({ ...settings, clients: [...settings.clients, client] }),
                () => setAdding(false),
              )
            }
            onDiscard={() => {
              saving.reset();
              setAdding(false);
            }}
            onHow={onHow}
          />
        ) : (
          <>
            {saving.problem !== null && <ProblemView problem={saving.problem} />}
            <div className={styles.actions}>
              <Button
                ref={add}
                onClick={() => {
                  saving.reset();
                  setAdding(true);
                }}
              >
                {t("settings.addClient")}
              </Button>
            </div>
          </>
        )}
      </Card>
    </Section>
  );
}

/** One client to a cloud and tenant. */
export function keyOf({ cloud, tenant }: Pick<ClientSetting, "cloud" | "tenant">): string {
  return `${cloud} ${tenant.toLowerCase()}`;
}
