import { Button, Field, makeStyles, Select, Spinner, Switch, tokens } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useLayoutEffect, useRef, useState } from "react";
import { useConnection } from "../../app/connection";
import { useBackend } from "../../backend/context";
import type { ProvisioningJob, UploadRequest, UploadUser } from "../../backend/types";
import { Card } from "../../components/Card";
import { Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { TextField } from "../../components/TextField";
import { visible } from "../../components/text";
import { useWords } from "../../words/useWords";
import { firstJob } from "../road/health";
import { focusFirstInvalid } from "../setup/focusFirstInvalid";
import { UploadPreviewView } from "./UploadPreviewView";
import { emptyTexts, saidOf, sampleUser, TEXTS, trimmed } from "./uploadForm";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  fields: {
    display: "grid",
    gridTemplateColumns: "repeat(2, minmax(0, 1fr))",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalL,
    alignItems: "start",
    "@media (max-width: 720px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  job: { maxWidth: "480px" },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
});

/** Whom to send and to which job; nothing is sent by it, it shows what would be. */
export function UploadForm({ client, jobs, asked }: { client: string; jobs: ProvisioningJob[]; asked?: string }) {
  const styles = useStyles();
  const t = useWords();
  const backend = useBackend();
  const { connection } = useConnection();
  const form = useRef<HTMLFormElement>(null);
  const [user, setUser] = useState(() =>
    sampleUser(connection.tenantDomain, t("upload.sampleGiven"), t("upload.sampleFamily")),
  );
  const [jobId, setJobId] = useState(() => firstJob(jobs, asked)?.id ?? "");
  const job = firstJob(jobs, jobId);
  const [tried, setTried] = useState(0);
  const prepare = useMutation({
    mutationFn: (request: UploadRequest) => backend.prepareUpload(request),
    onError: ({ fields }) => {
      if (fields.length > 0) {
        setTried((before) => before + 1);
      }
    },
  });

  useLayoutEffect(() => {
    if (tried > 0) {
      focusFirstInvalid(form.current);
    }
  }, [tried]);

  const change = (part: Partial<UploadUser>) => {
    setUser((before) => ({ ...before, ...part }));
    prepare.reset();
  };
  const missing = tried > 0 ? emptyTexts(user) : [];
  const said = prepare.error?.fields ?? [];
  const request: UploadRequest | null =
    job === undefined ? null : { clientId: client, appObjectId: job.appObjectId, jobId: job.id, user: trimmed(user) };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (emptyTexts(user).length > 0) {
      setTried((before) => before + 1);
    } else if (request !== null && !prepare.isPending) {
      prepare.mutate(request);
    }
  };

  return (
    <>
      <form ref={form} className={styles.form} onSubmit={submit} noValidate>
        <Field label={t("upload.job")} className={styles.job}>
          <Select
            value={job?.id ?? ""}
            onChange={(_, data) => {
              setJobId(data.value);
              prepare.reset();
            }}
          >
            {jobs.map(({ id, appName, health }) => (
              <option key={id} value={id}>
                {t("upload.jobOption", { app: visible(appName), health: t(`health.${health}`) })}
              </option>
            ))}
          </Select>
        </Field>
        <Section title={t("upload.who")}>
          <Card>
            <div className={styles.fields}>
              {TEXTS.map((field) => (
                <TextField
                  key={field}
                  label={t(`upload.${field}`)}
                  hint={field === "externalId" ? t("upload.externalIdHint") : undefined}
                  value={user[field]}
                  onChange={(_, data) => change({ [field]: data.value })}
                  error={missing.includes(field) ? t("upload.empty") : saidOf(field, said)}
                  required
                />
              ))}
            </div>
            <Field hint={t("upload.activeHint")}>
              <Switch
                label={t("upload.active")}
                checked={user.active}
                onChange={(_, data) => change({ active: data.checked })}
              />
            </Field>
          </Card>
        </Section>
        {prepare.isError && <ProblemView problem={prepare.error} />}
        <div className={styles.actions}>
          <Button
            type="submit"
            appearance={prepare.isSuccess ? undefined : "primary"}
            disabledFocusable={prepare.isPending}
          >
            {t("upload.show")}
          </Button>
          {prepare.isPending && <Spinner size="tiny" label={t("upload.checking")} />}
        </div>
      </form>
      {prepare.data !== undefined && job !== undefined && (
        <UploadPreviewView key={prepare.data.id} preview={prepare.data} request={prepare.variables} app={job.appName} />
      )}
    </>
  );
}
