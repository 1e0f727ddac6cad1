import { Button, Field, makeStyles, Select, Skeleton, SkeletonItem, Spinner, tokens } from "@fluentui/react-components";
import { useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useConnection } from "../../app/connection";
import { useVerification } from "../../app/queries";
import { useBackend } from "../../backend/context";
import type { Verification } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { Card } from "../../components/Card";
import { CopyId } from "../../components/Id";
import { CheckAgainIcon, OpenLinkIcon } from "../../components/icons";
import { BackButton } from "../../components/LinkButton";
import { Name } from "../../components/Name";
import { Page } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { useWords } from "../../words/useWords";
import { Credentials } from "./Credentials";
import { Permissions } from "./Permissions";
import { Surplus } from "./Surplus";
import { TokenPart } from "./TokenPart";
import { VerdictView } from "./VerdictView";

const useStyles = makeStyles({
  lead: { display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: tokens.spacingHorizontalL },
  against: { maxWidth: "400px" },
  skeleton: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXL },
});

/** Desired beside observed for one principal. */
export function VerifyPage() {
  const principal: string = useParams({ strict: false }).principal ?? "";
  return <VerifyOne key={principal} principal={principal} />;
}

function VerifyOne({ principal }: { principal: string }) {
  const styles = useStyles();
  const t = useWords();
  const announce = useAnnounce();
  const { connection } = useConnection();
  const sets = connection.permissionSets.filter((set) => set.available);
  const [setKey, setSetKey] = useState(sets[0]?.key ?? "");
  const permissions = sets.find((set) => set.key === setKey)?.permissions.map(({ value }) => value) ?? [];
  const check = useVerification(principal, permissions);
  const seen = check.data;

  useEffect(() => {
    if (seen !== undefined) {
      announce(seen.verdict.sentence);
    }
  }, [seen, announce]);

  const name = seen?.principal.name ?? t("verify.title");
  return (
    <Page
      back={<BackButton target={{ to: "/verify" }}>{t("verify.back")}</BackButton>}
      title={seen === undefined ? t("verify.title") : <Name text={name} />}
      titleText={name}
      lead={seen && <Lead seen={seen} />}
      actions={
        <Button
          icon={
            check.isFetching ? <Spinner size="extra-tiny" role="presentation" aria-hidden="true" /> : <CheckAgainIcon />
          }
          onClick={() => check.refetch()}
          disabledFocusable={check.isFetching}
        >
          {t(check.isFetching ? "verify.checking" : "verify.again")}
        </Button>
      }
    >
      {check.isError && <ProblemView problem={check.error} onRetry={() => check.refetch()} />}
      {check.isPending && <PictureSkeleton />}
      {seen && (
        <>
          <VerdictView seen={seen} />
          {sets.length > 1 && (
            <Field label={t("verify.against")} className={styles.against}>
              <Select value={setKey} onChange={(_, data) => setSetKey(data.value)}>
                {sets.map((set) => (
                  <option key={set.key} value={set.key}>
                    {set.title}
                  </option>
                ))}
              </Select>
            </Field>
          )}
          <Permissions rows={seen.permissions} />
          <Credentials rows={seen.credentials} principal={seen.principal} />
          <TokenPart token={seen.token} />
          <Surplus rows={seen.surplus} />
        </>
      )}
    </Page>
  );
}

function Lead({ seen }: { seen: Verification }) {
  const styles = useStyles();
  const t = useWords();
  const backend = useBackend();
  const { connection } = useConnection();
  const { principal } = seen;
  return (
    <span className={styles.lead}>
      <span>
        {t(`kind.${principal.kind}`)}
        {principal.enabled !== null && ` · ${t(principal.enabled ? "word.enabled" : "word.disabled")}`}
      </span>
      <span>
        {t("word.clientId")} <CopyId id={principal.clientId} what={t("word.clientId")} />
      </span>
      {principal.objectId !== null && (
        <span>
          {t("word.objectId")} <CopyId id={principal.objectId} what={t("word.objectId")} />
        </span>
      )}
      {/* The practice tenant has no admin center to open. */}
      {!connection.practice && (
        <Button
          size="small"
          appearance="transparent"
          icon={<OpenLinkIcon />}
          iconPosition="after"
          onClick={() => backend.openLink(principal.portalUrl).catch(() => undefined)}
        >
          {t("link.entra")}
        </Button>
      )}
    </span>
  );
}

function PictureSkeleton() {
  const styles = useStyles();
  const t = useWords();
  const { connection } = useConnection();
  return (
    <Skeleton aria-label={t("verify.reading", { tenant: connection.tenantName })}>
      <div className={styles.skeleton}>
        <Card>
          <SkeletonItem size={24} />
          <SkeletonItem size={16} />
        </Card>
        <Card>
          <SkeletonItem size={16} />
          <SkeletonItem size={40} />
          <SkeletonItem size={40} />
        </Card>
        <Card>
          <SkeletonItem size={40} />
        </Card>
      </div>
    </Skeleton>
  );
}
