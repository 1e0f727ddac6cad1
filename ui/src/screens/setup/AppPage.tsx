import { zodResolver } from "@hookform/resolvers/zod";
import { Navigate } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { Controller, useForm, useWatch } from "react-hook-form";
import { useConnection } from "../../app/connection";
import { useJob } from "../../app/job";
import { useLookUpName, useNameCheck, useRested } from "../../app/queries";
import { Card } from "../../components/Card";
import { Code } from "../../components/Id";
import { BackButton } from "../../components/LinkButton";
import { Name } from "../../components/Name";
import { Page } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { TextAreaField, TextField } from "../../components/TextField";
import { shortened } from "../../components/text";
import { formatDay } from "../../components/When";
import { useWords } from "../../words/useWords";
import { type AppForm, appFormSchema, emptyAppForm, formField, lastDayOf, toRequest } from "./appForm";
import { ExpiryFields } from "./ExpiryFields";
import { focusFirstInvalid } from "./focusFirstInvalid";
import { useFormLayout } from "./layout";
import { NameTaken, nameHint } from "./NameTaken";
import { PermissionChoice } from "./PermissionChoice";
import { SecretPlaceChoice } from "./SecretPlaceChoice";
import { SeePlan } from "./SeePlan";
import { usePlanning } from "./usePlanning";
import { WillExist } from "./WillExist";

/** More than a name may have, so that the form can say how many are too many. */
const MOST_TYPED = 400;

/** The form for a program outside Azure: an app registration with a client secret. */
export function AppPage() {
  const styles = useFormLayout();
  const t = useWords();
  const { info, connection } = useConnection();
  const { job, keepAppForm, edition } = useJob();
  const planning = usePlanning();
  const element = useRef<HTMLFormElement>(null);
  const [today] = useState(() => new Date());
  const sets = connection.permissionSets;

  const form = useForm<AppForm>({
    defaultValues: job.appForm ?? emptyAppForm(sets.find((set) => set.available)?.key ?? ""),
    resolver: zodResolver(useMemo(() => appFormSchema(t, today), [t, today])),
    mode: "onTouched",
    shouldFocusError: false,
  });
  const { control, setError, setValue, formState, subscribe } = form;
  const values = useWatch({ control }) as AppForm;
  const name = values.name.trim();
  const rested = useRested(name);
  const check = useNameCheck(rested);
  const lookUp = useLookUpName();
  const checked = rested === name ? check.data : undefined;
  const permissions = sets.find((set) => set.key === values.permissionSet)?.permissions ?? [];
  const lastDay = lastDayOf(values, today);

  // What was typed outlives the page.
  const settling = useRef(false);
  useEffect(
    () => subscribe({ formState: { values: true }, callback: (now) => keepAppForm(now.values, settling.current) }),
    [subscribe, keepAppForm],
  );

  // A choice among namesakes counts for the name that it was made under; ours is the natural one to go on with.
  const ours = checked?.ours ?? null;
  const choiceStands =
    checked === undefined ||
    values.choice === "" ||
    values.choice === "another" ||
    checked.takenBy.some((app) => app.clientId === values.choice);
  useEffect(() => {
    if (checked !== undefined && checked.takenBy.length === 0 && values.choice !== "") {
      setValue("choice", "");
    } else if (!choiceStands) {
      setValue("choice", ours ?? "");
    } else if (values.choice === "" && ours !== null) {
      // What a name of ours means anyway.
      settling.current = true;
      setValue("choice", ours);
      settling.current = false;
    }
  }, [checked, choiceStands, ours, values.choice, setValue]);

  const submitting = useRef(false);
  const submit = form.handleSubmit(async (filled) => {
    if (submitting.current || planning.isPending) {
      return;
    }
    submitting.current = true;
    const asked = edition();
    // The name may have been typed a moment ago, before its check went out.
    const answer = checked ?? (await lookUp(filled.name.trim()));
    submitting.current = false;
    if (answer?.problem) {
      setError("name", { message: answer.problem });
      return;
    }
    if (answer && answer.takenBy.length > 0 && filled.choice === "" && answer.ours === null) {
      setError("choice", { message: t("app.choose") });
      return;
    }
    const ours = answer?.ours ?? null;
    const request = toRequest(
      filled,
      ours,
      permissions.map(({ value }) => value),
      today,
    );
    const clientId = request.kind === "appRegistration" && request.app.kind === "byName" ? ours : null;
    planning.mutate(
      { request, clientId, edition: asked },
      {
        onError: (problem) => {
          for (const field of problem.fields) {
            const at = formField(field.field, filled.life);
            if (at !== null) {
              setError(at, { message: field.message });
            }
          }
        },
      },
    );
  });

  // Every refused press, whoever refused it, leads to the first field to mend.
  const refusals = formState.submitCount + planning.failureCount;
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after each refusal, not when the errors change by typing
  useEffect(() => focusFirstInvalid(element.current), [refusals]);

  if (job.running) {
    return <Navigate to="/setup/run" />;
  }
  const errors = formState.errors;
  const unplaced = planning.error && !planning.error.fields.some(({ field }) => formField(field, values.life) !== null);
  const date = formatDay(lastDay);

  return (
    <Page
      back={<BackButton target={{ to: "/setup" }}>{t("setup.back")}</BackButton>}
      title={t("app.title")}
      titleText={t("app.title")}
      lead={t("app.lead")}
    >
      <div className={styles.columns}>
        <form ref={element} onSubmit={submit} noValidate className={styles.fields}>
          <Card>
            <Controller
              control={control}
              name="name"
              render={({ field }) => (
                <TextField
                  label={t("app.nameField")}
                  required
                  hint={nameHint(t, name, rested, check) ?? t("app.nameHint")}
                  error={errors.name?.message ?? checked?.problem ?? undefined}
                  maxLength={MOST_TYPED}
                  {...field}
                />
              )}
            />
            {checked && checked.takenBy.length > 0 && (
              <Controller
                control={control}
                name="choice"
                render={({ field }) => (
                  <NameTaken
                    check={checked}
                    chosen={field.value}
                    onChoose={field.onChange}
                    error={errors.choice?.message}
                  />
                )}
              />
            )}
            <Controller
              control={control}
              name="permissionSet"
              render={({ field }) => (
                <PermissionChoice
                  sets={sets}
                  chosen={field.value}
                  onChoose={field.onChange}
                  error={errors.permissionSet?.message}
                />
              )}
            />
            <ExpiryFields control={control} today={today} />
            <Controller
              control={control}
              name="secretGoes"
              render={({ field }) => (
                <SecretPlaceChoice chosen={field.value} onChoose={field.onChange} error={errors.secretGoes?.message} />
              )}
            />
            <Controller
              control={control}
              name="description"
              render={({ field }) => (
                <TextField
                  label={t("app.description")}
                  hint={t("app.descriptionHint")}
                  error={errors.description?.message}
                  {...field}
                />
              )}
            />
            <Controller
              control={control}
              name="note"
              render={({ field }) => (
                <TextAreaField
                  label={t("app.note")}
                  hint={t("app.noteHint")}
                  error={errors.note?.message}
                  rows={2}
                  {...field}
                />
              )}
            />
          </Card>
          {planning.error && unplaced && <ProblemView problem={planning.error} onRetry={submit} />}
          <SeePlan pending={planning.isPending} />
        </form>
        <WillExist
          permissions={permissions}
          things={[
            {
              what: t("exist.app"),
              detail:
                name === "" ? (
                  t("exist.unnamed")
                ) : values.choice !== "" && values.choice !== "another" ? (
                  <>
                    <Name text={name} strong /> <Code title={values.choice}>{shortened(values.choice)}</Code>
                  </>
                ) : (
                  <Name text={name} strong />
                ),
            },
            { what: t("exist.principal"), detail: t("exist.principalWhat") },
            {
              what:
                values.secretGoes === "shownOnce"
                  ? t("exist.secretOnce")
                  : t("exist.secret", { keychain: info.keychain }),
              detail: date === null ? t("exist.secretNoDate") : t("exist.secretUntil", { date }),
            },
          ]}
        />
      </div>
    </Page>
  );
}
