import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  Field,
  Input,
  makeStyles,
  Radio,
  RadioGroup,
  Spinner,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import { useConnection } from "../../app/connection";
import { monthsAfter, tomorrow } from "../../screens/setup/appForm";
import { useWords } from "../../words/useWords";
import { Name } from "../Name";
import { ProblemView } from "../ProblemView";
import { visible } from "../text";
import { formatDay } from "../When";
import { useFixing } from "./fixing";
import { lastDayProblem } from "./lastDay";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  date: { maxWidth: "240px" },
  label: { color: tokens.colorNeutralForeground1 },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, display: "block" },
  actions: { justifyContent: "flex-end", alignItems: "center" },
});

/** A secret to be followed by a new one; none where the app has none yet. */
export interface OldSecret {
  keyId: string;
  description: string;
  expires: string | null;
}

interface Start {
  /** `YYYY-MM-DD`; six months from today when none. */
  expires?: string;
  removeOld?: boolean;
}

/** Asks for the new secret's last day, and what becomes of the old one; then shows the plan. */
export function RenewSecret({
  clientId,
  old,
  start = {},
  label,
}: {
  clientId: string;
  old: OldSecret | null;
  start?: Start;
  /** Another word for the button, as a finding has it. */
  label?: string;
}) {
  const t = useWords();
  const [open, setOpen] = useState(false);
  const name = old === null ? undefined : t("renew.openOf", { what: visible(old.description || old.keyId) });
  return (
    <Dialog open={open} onOpenChange={(_, data) => setOpen(data.open)}>
      <DialogTrigger disableButtonEnhancement>
        <Button size="small" aria-label={label === undefined ? name : undefined}>
          {label ?? t(old === null ? "renew.make" : "renew.open")}
        </Button>
      </DialogTrigger>
      <DialogSurface>
        <RenewForm clientId={clientId} old={old} start={start} />
      </DialogSurface>
    </Dialog>
  );
}

function RenewForm({ clientId, old, start }: { clientId: string; old: OldSecret | null; start: Start }) {
  const styles = useStyles();
  const t = useWords();
  const fixing = useFixing();
  const { info } = useConnection();
  const [today] = useState(() => new Date());
  const [expires, setExpires] = useState(start.expires ?? monthsAfter(today, 6));
  const [removeOld, setRemoveOld] = useState(start.removeOld ?? false);
  const [tried, setTried] = useState(false);
  const busy = fixing.pending !== null;
  const wrong = lastDayProblem(t, expires, today);
  const said = fixing.problem?.fields.find(({ field }) => field === "expires")?.message;
  const shown = (tried ? wrong : null) ?? said;
  const see = () => {
    setTried(true);
    if (wrong === null) {
      fixing.plan({ kind: "rotateSecret", clientId, replaces: old?.keyId ?? null, expires, removeOld });
    }
  };
  return (
    <DialogBody>
      <DialogTitle>{t(old === null ? "renew.makeTitle" : "renew.title")}</DialogTitle>
      <DialogContent className={styles.content}>
        <span>
          {old !== null && (
            <>
              <Name text={old.description || old.keyId} strong />
              {". "}
            </>
          )}
          {t("renew.how", { keychain: info.keychain })}
        </span>
        <Field
          label={t("renew.lastDay")}
          hint={t("app.lastDayHint")}
          validationMessage={shown ?? undefined}
          validationState={shown == null ? "none" : "error"}
          required
          className={styles.date}
        >
          <Input
            type="date"
            placeholder="YYYY-MM-DD"
            min={tomorrow(today)}
            max={monthsAfter(today, 24)}
            value={expires}
            onChange={(_, data) => {
              setExpires(data.value);
              fixing.reset();
            }}
          />
        </Field>
        {old !== null && (
          <Field label={t("renew.old")}>
            <RadioGroup
              value={removeOld ? "remove" : "keep"}
              onChange={(_, data) => setRemoveOld(data.value === "remove")}
            >
              <Radio
                value="keep"
                label={<Choice title={t("renew.keep")} what={t("renew.keepWhat", { date: dayOf(old.expires) })} />}
              />
              <Radio value="remove" label={<Choice title={t("renew.remove")} what={t("renew.removeWhat")} />} />
            </RadioGroup>
          </Field>
        )}
        {fixing.problem !== null && <ProblemView problem={fixing.problem} />}
      </DialogContent>
      <DialogActions fluid className={styles.actions}>
        {busy && <Spinner size="tiny" label={t("renew.planning")} />}
        <Button
          appearance="primary"
          title={fixing.running ? t("ways.busy") : undefined}
          onClick={see}
          disabledFocusable={busy || fixing.running}
        >
          {t("setup.seePlan")}
        </Button>
        <DialogTrigger disableButtonEnhancement>
          <Button>{t("renew.cancel")}</Button>
        </DialogTrigger>
      </DialogActions>
    </DialogBody>
  );
}

function Choice({ title, what }: { title: string; what: string }) {
  const styles = useStyles();
  return (
    <span className={styles.label}>
      {title}
      <span className={styles.small}>{what}</span>
    </span>
  );
}

/** As the page counts a secret's last day, in UTC. */
function dayOf(expires: string | null): string {
  const day = expires === null ? null : formatDay(expires.slice(0, 10));
  return day ?? "none";
}
