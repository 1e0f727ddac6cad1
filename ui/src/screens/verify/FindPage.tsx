import { makeStyles, Skeleton, SkeletonItem, Text, tokens } from "@fluentui/react-components";
import { useEffect, useState } from "react";
import { useConnection } from "../../app/connection";
import { usePrincipalSearch, useRested, useRuns } from "../../app/queries";
import type { PrincipalCard } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { Card } from "../../components/Card";
import { SearchIcon } from "../../components/icons";
import { LinkButton } from "../../components/LinkButton";
import { Empty, Page, Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { TextField } from "../../components/TextField";
import { useWords } from "../../words/useWords";
import { PrincipalList } from "./PrincipalList";

const useStyles = makeStyles({
  rows: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS },
});

/** Finds the principal to verify, by name or any of its ids. */
export function FindPage() {
  const t = useWords();
  const [typed, setTyped] = useState("");
  const text = useRested(typed.trim());
  return (
    <Page title={t("verify.title")} titleText={t("verify.title")} lead={t("verify.lead")}>
      <Card>
        <TextField
          label={t("verify.search")}
          hint={t("verify.searchHint")}
          contentBefore={<SearchIcon />}
          value={typed}
          onChange={(_, data) => setTyped(data.value)}
        />
        {text !== "" && <Results text={text} />}
      </Card>
      {text === "" && <Recent />}
    </Page>
  );
}

function Results({ text }: { text: string }) {
  const t = useWords();
  const announce = useAnnounce();
  const { connection } = useConnection();
  const search = usePrincipalSearch(text);
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
    return <Empty title={t("verify.none", { text, tenant: connection.tenantName })}>{t("verify.noneWhat")}</Empty>;
  }
  return (
    <>
      <PrincipalList label={t("verify.results")} rows={search.data.rows} />
      {search.data.more && <Text>{t("verify.more")}</Text>}
    </>
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
  const recent = new Map<string, PrincipalCard>();
  for (const run of runs.data) {
    const principal = run.tenantId === connection.tenantId ? run.handOver?.principal : undefined;
    if (principal && !recent.has(principal.clientId)) {
      recent.set(principal.clientId, principal);
    }
  }
  return (
    <Section title={t("verify.recent")}>
      <Card>
        {recent.size === 0 ? (
          <Empty
            title={t("verify.recentNone")}
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
