import { Text } from "@fluentui/react-components";
import { Navigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useConnection } from "../../app/connection";
import { useJob } from "../../app/job";
import type { IdentityForm } from "../../app/jobState";
import { isOutdated, useIdentitySearch, useRested } from "../../app/queries";
import type { PrincipalCard } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { Card } from "../../components/Card";
import { Found } from "../../components/Found";
import { IdentityTraits } from "../../components/IdentityTraits";
import { BackButton } from "../../components/LinkButton";
import { Name } from "../../components/Name";
import { Empty, Page } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { SearchField } from "../../components/SearchField";
import { useWords } from "../../words/useWords";
import { IdentityTable, IdentityTableSkeleton } from "./IdentityTable";
import { useFormLayout } from "./layout";
import { PermissionChoice } from "./PermissionChoice";
import { SeePlan } from "./SeePlan";
import { usePlanning } from "./usePlanning";
import { WillExist } from "./WillExist";

/** The form for something that runs in Azure: which managed identity, and what it may do. */
export function IdentityPage() {
  const styles = useFormLayout();
  const t = useWords();
  const { connection } = useConnection();
  const { job, keepIdentity } = useJob();
  const planning = usePlanning();
  const searchField = useRef<HTMLInputElement>(null);
  const [missing, setMissing] = useState(false);
  const form = job.identity;
  const change = (part: Partial<IdentityForm>) => keepIdentity({ ...form, ...part });

  const text = useRested(form.search.trim());
  const search = useIdentitySearch(text);
  const outdated = isOutdated(search, text, form.search.trim());

  const sets = connection.permissionSets;
  const setKey = form.permissionSet ?? sets.find((set) => set.available)?.key ?? "";
  const permissions = sets.find((set) => set.key === setKey)?.permissions ?? [];
  const objectId = form.card?.objectId ?? null;
  const fieldError = (field: string) => planning.error?.fields.find((problem) => problem.field === field)?.message;
  const identityError = fieldError("objectId") ?? (missing && objectId === null ? t("identity.missing") : undefined);
  const unplaced =
    planning.error && !planning.error.fields.some(({ field }) => field === "objectId" || field === "permissions");

  const submit = () => {
    if (planning.isPending) {
      return;
    }
    if (objectId === null) {
      setMissing(true);
      searchField.current?.focus();
      return;
    }
    planning.mutate({
      request: {
        kind: "managedIdentity",
        objectId,
        permissions: permissions.map(({ value }) => value),
        askConsent: false,
      },
    });
  };

  if (job.running) {
    return <Navigate to="/setup/run" />;
  }
  return (
    <Page
      back={<BackButton target={{ to: "/setup" }}>{t("setup.back")}</BackButton>}
      title={t("identity.title")}
      titleText={t("identity.title")}
      lead={t("identity.lead")}
    >
      <form
        noValidate
        className={styles.fields}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Card>
          <SearchField
            ref={searchField}
            searching={outdated}
            label={t("identity.search")}
            hint={t("identity.searchHint")}
            error={identityError}
            required
            value={form.search}
            onChange={(typed) => change({ search: typed })}
          />
          <Results search={search} text={text} outdated={outdated} form={form} onChoose={(card) => change({ card })} />
        </Card>
        <div className={styles.columns}>
          <div className={styles.fields}>
            <Card>
              <PermissionChoice
                sets={sets}
                chosen={setKey}
                onChoose={(permissionSet) => change({ permissionSet })}
                error={fieldError("permissions")}
              />
            </Card>
            {planning.error && unplaced && <ProblemView problem={planning.error} onRetry={submit} />}
            <SeePlan pending={planning.isPending} />
          </div>
          <WillExist
            permissions={permissions}
            things={[
              {
                what: t("exist.identity"),
                detail: form.card === null ? t("exist.noIdentity") : <Chosen card={form.card} />,
              },
              { what: t("exist.noSecretTitle"), detail: t("exist.noSecret") },
            ]}
          />
        </div>
      </form>
    </Page>
  );
}

function Chosen({ card }: { card: PrincipalCard }) {
  const t = useWords();
  return (
    <>
      <Name text={card.name} strong />
      <br />
      {t(`kind.${card.kind}`)} · <IdentityTraits card={card} />
    </>
  );
}

function Results({
  search,
  text,
  outdated,
  form,
  onChoose,
}: {
  search: ReturnType<typeof useIdentitySearch>;
  text: string;
  outdated: boolean;
  form: IdentityForm;
  onChoose: (card: PrincipalCard) => void;
}) {
  const t = useWords();
  const announce = useAnnounce();
  const found = search.isPlaceholderData ? undefined : search.data?.rows.length;

  useEffect(() => {
    if (found !== undefined) {
      announce(t("identity.found", { count: found }));
    }
  }, [found, announce, t]);

  if (search.isError) {
    return <ProblemView problem={search.error} onRetry={() => search.refetch()} />;
  }
  if (search.data === undefined) {
    return <IdentityTableSkeleton />;
  }
  if (search.data.rows.length === 0) {
    return (
      <Empty title={text === "" ? t("identity.empty") : t("identity.none", { text })}>
        {t(text === "" ? "identity.emptyWhat" : "identity.noneWhat")}
      </Empty>
    );
  }
  return (
    <Found outdated={outdated}>
      <IdentityTable
        rows={search.data.rows}
        chosen={form.card?.objectId ?? null}
        onChoose={onChoose}
        disabled={outdated}
      />
      {search.data.more && <Text>{t("identity.more")}</Text>}
    </Found>
  );
}
