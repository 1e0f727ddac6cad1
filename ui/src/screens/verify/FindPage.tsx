import { makeStyles, Skeleton, SkeletonItem, Text, tokens } from "@fluentui/react-components";
import { useEffect, useState } from "react";
import { useConnection } from "../../app/connection";
import { isOutdated, usePrincipalSearch, useRested, useRuns } from "../../app/queries";
import { useAnnounce } from "../../components/Announcer";
import { Card } from "../../components/Card";
import { Found } from "../../components/Found";
import { LinkButton } from "../../components/LinkButton";
import { Name } from "../../components/Name";
import { Empty, Page, Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { SearchField } from "../../components/SearchField";
import { useWords, Words } from "../../words/useWords";
import { PrincipalList, type PrincipalRow } from "./PrincipalList";

const useStyles = makeStyles({
  rows: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS },
});

/** Finds the principal to verify, by name or any of its ids. */
export function FindPage() {
  const t = useWords();
  const [typed, setTyped] = useState("");
  const text = useRested(typed.trim());
  const search = usePrincipalSearch(text);
  // Without a text nothing is looked for.
  const outdated = typed.trim() !== "" && isOutdated(search, text, typed.trim());
  return (
    <Page title={t("verify.title")} titleText={t("verify.title")} lead={t("verify.lead")}>
      <Card>
        <SearchField
          label={t("verify.search")}
          hint={t("verify.searchHint")}
          value={typed}
          onChange={setTyped}
          searching={outdated}
        />
        {text !== "" && <Results search={search} text={text} outdated={outdated} />}
      </Card>
      {text === "" && <Recent />}
    </Page>
  );
}

function Results({
  search,
  text,
  outdated,
}: {
  search: ReturnType<typeof usePrincipalSearch>;
  text: string;
  outdated: boolean;
}) {
  const t = useWords();
  const announce = useAnnounce();
  const { connection } = useConnection();
  const found = search.isPlaceholderData ? undefined : search.data?.rows.length;

  useEffect(() => {
    if (found !== undefined) {
      announce(t("verify.found", { count: found }));
    }
  }, [found, announce, t]);

  if (search.isError) {
    return <ProblemView problem={search.error} onRetry={() => search.refetch()} />;
  }
  if (search.data === undefined) {
    return <RowsSkeleton />;
  }
  if (search.data.rows.length === 0) {
    return (
      <Empty title={<Words id="verify.none" values={{ text, tenant: <Name text={connection.tenantName} /> }} />}>
        {t("verify.noneWhat")}
      </Empty>
    );
  }
  return (
    <Found outdated={outdated}>
      <PrincipalList
        label={t("verify.results")}
        rows={search.data.rows.map((card) => ({ card }))}
        disabled={outdated}
      />
      {search.data.more && <Text>{t("verify.more")}</Text>}
    </Found>
  );
}

/** What was set up from this computer in this tenant: most often what one comes to verify. */
function Recent() {
  const t = useWords();
  const { connection } = useConnection();
  const runs = useRuns();
  if (runs.isError) {
    return <ProblemView problem={runs.error} onRetry={() => runs.refetch()} />;
  }
  if (runs.data === undefined) {
    return <RowsSkeleton />;
  }
  const recent = new Map<string, PrincipalRow>();
  for (const { tenantId, handOver, state } of runs.data.runs) {
    if (
      handOver &&
      state !== "undone" &&
      tenantId === connection.tenantId &&
      !recent.has(handOver.principal.clientId)
    ) {
      recent.set(handOver.principal.clientId, { card: handOver.principal, permissions: handOver.permissions });
    }
  }
  return (
    <Section title={t("verify.recent")}>
      <Card>
        {recent.size === 0 ? (
          <Empty
            title={t(runs.data.unreadable.length === 0 ? "verify.recentNone" : "activity.noneReadable")}
            action={<LinkButton target={{ to: "/setup" }}>{t("verify.setup")}</LinkButton>}
          >
            {t("verify.recentNoneWhat")}
          </Empty>
        ) : (
          <PrincipalList label={t("verify.recent")} rows={[...recent.values()]} />
        )}
      </Card>
    </Section>
  );
}

function RowsSkeleton() {
  const styles = useStyles();
  const t = useWords();
  return (
    <Skeleton aria-label={t("word.loading")}>
      <div className={styles.rows}>
        <SkeletonItem size={40} />
        <SkeletonItem size={40} />
        <SkeletonItem size={40} />
      </div>
    </Skeleton>
  );
}
