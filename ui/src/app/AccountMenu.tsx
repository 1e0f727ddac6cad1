import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useBackend } from "../backend/context";
import { toProblem } from "../backend/problem";
import type { AppInfo, Problem, Remembered, SignInRequest } from "../backend/types";
import { Facts } from "../components/Facts";
import { Name } from "../components/Name";
import { ProblemView } from "../components/ProblemView";
import { visible } from "../components/text";
import { requestFor } from "../screens/connect/signInForm";
import { useWords, Words } from "../words/useWords";
import { useConnection } from "./connection";
import { useJob } from "./job";
import { useLeave } from "./Leave";
import { APP_INFO } from "./queries";
import { useSwitch } from "./Switching";

/** So many tenants to switch to are offered; the others are on Connect. */
const MOST_OFFERED = 5;

const useStyles = makeStyles({
  list: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXS },
  // The words, not the buttons' edges, stand in line with what is above.
  item: {
    marginInline: `calc(-1 * ${tokens.spacingHorizontalM})`,
    justifyContent: "flex-start",
    fontWeight: tokens.fontWeightRegular,
    textAlign: "start",
  },
  label: { overflowWrap: "anywhere" },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** Who is signed in, and how to be somebody else, be somewhere else, lock or leave. `close` shuts the menu. */
export function AccountMenu({ close }: { close: () => void }) {
  const styles = useStyles();
  const t = useWords();
  const { info, connection } = useConnection();
  const { job } = useJob();
  const leave = useLeave();
  const switchTo = useSwitch();
  const lock = useLock();
  const busyWords = useId();
  const busy = job.running;
  const waits = { disabledFocusable: busy, "aria-describedby": busy ? busyWords : undefined };
  const go = (request: SignInRequest) => {
    close();
    switchTo(request);
  };
  const elsewhere = info.settings.remembered.filter((tenant) => !isPresent(tenant, connection)).slice(0, MOST_OFFERED);

  return (
    <>
      <Facts
        facts={[
          { name: t("home.account"), value: <Name text={connection.accountName} strong /> },
          { name: "", value: <Name text={connection.account} /> },
          {
            name: t("home.roles"),
            value: connection.roles.length === 0 ? t("home.noRoles") : connection.roles.join(", "),
          },
        ]}
      />
      {busy && (
        <span id={busyWords} className={styles.small}>
          {t("menu.busy")}
        </span>
      )}
      <div className={styles.list}>
        {connection.way !== null && (
          <Button
            appearance="subtle"
            className={styles.item}
            onClick={() =>
              go({
                cloud: connection.cloudKey,
                tenant: connection.tenantId,
                way: connection.way ?? "browser",
                clientId: connection.clientId,
                account: null,
              })
            }
            {...waits}
          >
            {t("menu.other")}
          </Button>
        )}
        <Button appearance="subtle" className={styles.item} onClick={lock.now} {...waits}>
          {t("menu.lock")}
        </Button>
        <Button
          appearance="subtle"
          className={styles.item}
          onClick={() => {
            close();
            leave();
          }}
        >
          {t(connection.practice && connection.way === null ? "frame.leavePractice" : "menu.signOut")}
        </Button>
      </div>
      {lock.problem !== null && <ProblemView problem={lock.problem} />}
      {elsewhere.length > 0 && (
        <div className={styles.list}>
          <Text weight="semibold">{t("menu.tenants")}</Text>
          {elsewhere.map((tenant) => (
            <Button
              appearance="subtle"
              key={`${tenant.cloud} ${tenant.tenantId}`}
              className={styles.item}
              onClick={() => go(requestFor(tenant))}
              aria-label={t("org.signInTo", { tenant: visible(tenant.tenantName), account: visible(tenant.account) })}
              {...waits}
            >
              <span className={styles.label}>
                <Words
                  id="menu.tenant"
                  values={{ tenant: <Name text={tenant.tenantName} strong />, account: <Name text={tenant.account} /> }}
                />
              </span>
            </Button>
          ))}
        </div>
      )}
    </>
  );
}

function isPresent(tenant: Remembered, connection: { cloudKey: string; tenantId: string }): boolean {
  return tenant.cloud === connection.cloudKey && tenant.tenantId === connection.tenantId;
}

/** Locks at once; Rust's own word of it may come before or after its answer. */
function useLock(): { now: () => Promise<void>; problem: Problem | null } {
  const backend = useBackend();
  const queries = useQueryClient();
  const { connection } = useConnection();
  const [problem, setProblem] = useState<Problem | null>(null);
  return {
    problem,
    now: async () => {
      setProblem(null);
      try {
        await backend.lockSession();
        const session = { tenantName: connection.tenantName, account: connection.account, afterMinutes: 0 };
        queries.setQueryData<AppInfo>(APP_INFO, (info) => (info ? { ...info, locked: info.locked ?? session } : info));
      } catch (thrown) {
        setProblem(toProblem(thrown));
      }
    },
  };
}
