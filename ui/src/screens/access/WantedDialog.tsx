import {
  Button,
  Checkbox,
  Combobox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  Field,
  makeStyles,
  Option,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import { useConnection } from "../../app/connection";
import { Code } from "../../components/Id";
import { useWords } from "../../words/useWords";
import { useAuditHandle, useAuditState } from "./AuditProvider";
import { usePermissionTitles } from "./usePermissionTitles";
import { isValue, OTHERS, suggested } from "./wanted";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  list: { display: "flex", flexDirection: "column" },
  label: { display: "flex", flexDirection: "column", minWidth: 0 },
  add: { display: "flex", alignItems: "start", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  field: { flexGrow: 1, minWidth: "200px" },
  // Beside the field itself, below its label.
  beside: { marginTop: `calc(${tokens.lineHeightBase300} + 3 * ${tokens.spacingVerticalXXS})` },
  actions: { justifyContent: "flex-end" },
});

/** Chooses which permissions the tenant is looked through for. */
export function WantedDialog() {
  const t = useWords();
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={(_, data) => setOpen(data.open)}>
      <DialogTrigger disableButtonEnhancement>
        <Button size="small">{t("access.choose")}</Button>
      </DialogTrigger>
      <DialogSurface>
        <Choice onDone={() => setOpen(false)} />
      </DialogSurface>
    </Dialog>
  );
}

function Choice({ onDone }: { onDone: () => void }) {
  const styles = useStyles();
  const t = useWords();
  const titles = usePermissionTitles();
  const { connection } = useConnection();
  const { begin } = useAuditHandle();
  const { wanted, summary } = useAuditState();
  const ofSets = connection.permissionSets.flatMap(({ permissions }) => permissions.map(({ value }) => value));
  const first = connection.permissionSets[0]?.permissions.map(({ value }) => value) ?? [];
  const asked = summary?.permissions.map(({ value }) => value) ?? (wanted.length > 0 ? wanted : first);
  const [offered, setOffered] = useState([...new Set([...ofSets, ...asked])]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(asked));
  const [typed, setTyped] = useState("");
  const [fault, setFault] = useState<string | null>(null);

  const toggle = (value: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) {
      next.add(value);
    } else {
      next.delete(value);
    }
    setChosen(next);
    setFault(null);
  };
  const add = (text: string) => {
    const value = text.trim();
    if (!isValue(value)) {
      setFault(t("wanted.unusable"));
      return;
    }
    setOffered((before) => (before.includes(value) ? before : [...before, value]));
    toggle(value, true);
    setTyped("");
  };
  const look = () => {
    if (chosen.size === 0) {
      setFault(t("wanted.noneChosen"));
      return;
    }
    begin([...chosen]);
    onDone();
  };
  const more = suggested(
    OTHERS.filter((value) => !offered.includes(value)),
    typed,
  );
  return (
    <DialogBody>
      <DialogTitle>{t("wanted.title")}</DialogTitle>
      <DialogContent className={styles.content}>
        <Text>{t("wanted.lead")}</Text>
        <div role="group" aria-label={t("wanted.legend")} className={styles.list}>
          {offered.map((value) => (
            <Checkbox
              key={value}
              checked={chosen.has(value)}
              onChange={(_, { checked }) => toggle(value, checked === true)}
              label={
                <span className={styles.label}>
                  {titles.get(value)} <Code>{value}</Code>
                </span>
              }
            />
          ))}
        </div>
        <div className={styles.add}>
          <Field
            label={t("wanted.another")}
            hint={t("wanted.anotherHint")}
            validationMessage={fault ?? undefined}
            validationState={fault === null ? "none" : "error"}
            className={styles.field}
          >
            <Combobox
              freeform
              inlinePopup
              value={typed}
              onChange={({ target }) => {
                setTyped(target.value);
                setFault(null);
              }}
              onOptionSelect={(_, { optionValue }) => optionValue !== undefined && add(optionValue)}
              selectedOptions={[]}
              autoCapitalize="none"
              spellCheck={false}
            >
              {more.map((value) => (
                <Option key={value} value={value}>
                  {value}
                </Option>
              ))}
            </Combobox>
          </Field>
          <Button className={styles.beside} onClick={() => add(typed)}>
            {t("wanted.add")}
          </Button>
        </div>
      </DialogContent>
      <DialogActions fluid className={styles.actions}>
        <Button onClick={onDone}>{t("wanted.cancel")}</Button>
        <Button appearance="primary" onClick={look}>
          {t("wanted.look", { count: chosen.size })}
        </Button>
      </DialogActions>
    </DialogBody>
  );
}
