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
  makeStyles,
  Select,
  Spinner,
  tokens,
} from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useKeepPreflight } from "../../app/usePreflight";
import { useBackend } from "../../backend/context";
import type { EligibleRole, Preflight } from "../../backend/types";
import { useWords } from "../../words/useWords";
import { useAnnounce } from "../Announcer";
import { OpenLink } from "../OpenLink";
import { ProblemView } from "../ProblemView";
import { TextAreaField } from "../TextField";

const HOURS = [1, 2, 3, 4, 5, 6, 7, 8];

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  actions: { justifyContent: "flex-end" },
  hours: { maxWidth: "200px" },
  portal: { marginInlineStart: `calc(-1 * ${tokens.spacingHorizontalS})` },
});

/** How an activation ended: the role is active, or Entra has only taken the request. */
export type Activated = { role: EligibleRole; active: boolean };

/** A button that activates a role, after a dialog that says what will happen and asks why and for how long. */
export function ActivateRole({
  role,
  named = false,
  onActivated,
}: {
  role: EligibleRole;
  /** The button names the role; without it the place where it stands does. */
  named?: boolean;
  onActivated?: (activated: Activated) => void;
}) {
  const t = useWords();
  const [open, setOpen] = useState(false);
  const pending = useRef(false);
  const words = t("activate.this", { role: role.name });
  return (
    <Dialog open={open} onOpenChange={(_, data) => setOpen(data.open || pending.current)}>
      <DialogTrigger disableButtonEnhancement>
        <Button size="small" aria-label={words}>
          {named ? words : t("activate.button")}
        </Button>
      </DialogTrigger>
      <DialogSurface>
        <ActivateForm
          role={role}
          onPending={(now) => {
            pending.current = now;
          }}
          onDone={(activated) => {
            setOpen(false);
            onActivated?.(activated);
          }}
        />
      </DialogSurface>
    </Dialog>
  );
}

function ActivateForm({
  role,
  onPending,
  onDone,
}: {
  role: EligibleRole;
  onPending: (pending: boolean) => void;
  onDone: (activated: Activated) => void;
}) {
  const styles = useStyles();
  const t = useWords();
  const backend = useBackend();
  const announce = useAnnounce();
  const keep = useKeepPreflight();
  const reason = useRef<HTMLTextAreaElement>(null);
  const [why, setWhy] = useState("");
  const [hours, setHours] = useState(1);
  const [tried, setTried] = useState(false);

  const activate = useMutation({
    mutationFn: () => backend.activateRole(role.roleId, why.trim(), hours),
    onMutate: () => {
      onPending(true);
      announce(t("activate.doing"));
    },
    onSuccess: (preflight) => {
      onPending(false);
      keep(preflight);
      const active = isActive(preflight, role);
      announce(t(active ? "activate.done" : "activate.taken", { role: role.name }));
      onDone({ role, active });
    },
    onError: () => onPending(false),
  });
  const said = (name: string) => activate.error?.fields.find(({ field }) => field === name)?.message;
  const placed = said("justification") !== undefined || said("hours") !== undefined;
  const missing = tried && why.trim() === "" ? t("activate.reasonEmpty") : undefined;
  const hoursError = said("hours");

  const start = () => {
    setTried(true);
    if (why.trim() === "") {
      reason.current?.focus();
    } else if (!activate.isPending) {
      activate.mutate();
    }
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <DialogBody>
        <DialogTitle>{t("activate.title", { role: role.name })}</DialogTitle>
        <DialogContent className={styles.content}>
          <span>{t("activate.what")}</span>
          <TextAreaField
            ref={reason}
            label={t("activate.reason")}
            hint={t("activate.reasonHint")}
            error={said("justification") ?? missing}
            required
            rows={2}
            value={why}
            onChange={(_, data) => setWhy(data.value)}
          />
          <Field
            className={styles.hours}
            label={t("activate.hours")}
            validationMessage={hoursError}
            validationState={hoursError ? "error" : "none"}
          >
            <Select value={String(hours)} onChange={(_, data) => setHours(Number(data.value))}>
              {HOURS.map((count) => (
                <option key={count} value={String(count)}>
                  {t("activate.hoursCount", { hours: count })}
                </option>
              ))}
            </Select>
          </Field>
          <div className={styles.portal}>
            <OpenLink url={role.portalUrl}>{t("activate.portal")}</OpenLink>
          </div>
          {activate.isError && !placed && <ProblemView problem={activate.error} />}
        </DialogContent>
        <DialogActions fluid className={styles.actions}>
          {activate.isPending && <Spinner size="tiny" label={t("activate.doing")} />}
          <DialogTrigger disableButtonEnhancement>
            <Button disabledFocusable={activate.isPending}>{t("activate.no")}</Button>
          </DialogTrigger>
          <Button type="submit" appearance="primary" disabledFocusable={activate.isPending}>
            {t("activate.do", { hours })}
          </Button>
        </DialogActions>
      </DialogBody>
    </form>
  );
}

/** Entra may answer before the role is active, or wait for somebody's approval. */
function isActive(preflight: Preflight, role: EligibleRole): boolean {
  return preflight.roles.includes(role.name);
}
