import { Button, Field, makeStyles, Select, Skeleton, SkeletonItem, Spinner, tokens } from "@fluentui/react-components";
import { useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useConnection } from "../../app/connection";
import { useVerification } from "../../app/queries";
import type { PrincipalCard } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { Card } from "../../components/Card";
import { CopyId } from "../../components/Id";
import { CheckAgainIcon } from "../../components/icons";
import { BackButton } from "../../components/LinkButton";
import { Name } from "../../components/Name";
import { OpenLink } from "../../components/OpenLink";
import { Page } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { visible } from "../../components/text";
import { useWords } from "../../words/useWords";
import { Credentials } from "./Credentials";
import { Permissions } from "./Permissions";
import { Surplus } from "./Surplus";
import { TokenPart } from "./TokenPart";
import { VerdictView } from "./VerdictView";
import { yardsticks } from "./yardsticks";

const useStyles = makeStyles({
  lead: { display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: tokens.spacingHorizontalL },
  against: { maxWidth: "400px" },
  skeleton: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXL },
});

/** Desired beside observed for one principal. */
export function VerifyPage() {
  const principal: string = useParams({ strict: false }).principal ?? "";
  const asSetUp: string[] | null = useSearch({ strict: false }).permissions ?? null;
  return <VerifyOne key={[principal, ...(asSetUp ?? [])].join(" ")} principal={principal} asSetUp={asSetUp} />;
}

function VerifyOne({ principal, asSetUp }: { principal: string; asSetUp: string[] | null }) {
  const styles = useStyles();
  const t = useWords();
  const announce = useAnnounce();
  const { connection } = useConnection();
  const { first, all } = yardsticks(connection.permissionSets, asSetUp);
  const [chosen, setChosen] = useState(first);
  const permissions = all.find(({ key }) => key === chosen)?.permissions ?? [];
  const check = useVerification(principal, permissions);
  const seen = check.data;
  // Who it is outlives the reading of another set.
  const [card, setCard] = useState<PrincipalCard | null>(null);

  useEffect(() => {
    if (seen !== undefined) {
      setCard(seen.principal);
      announce(seen.verdict.sentence);
    }
  }, [seen, announce]);

  // Of a principal that is gone nothing is known any more.
  const picture = check.error?.code === "notFound" ? undefined : seen;
  const who = seen?.principal ?? card;
  return (
    <Page
      back={<BackButton target={{ to: "/verify" }}>{t("verify.back")}</BackButton>}
      title={who === null ? t("verify.title") : <Name text={who.name} />}
      titleText={who === null ? t("verify.title") : visible(who.name)}
      lead={who && <Lead principal={who} />}
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
      {check.isPending && <VerdictSkeleton />}
      {picture && <VerdictView seen={picture} old={check.isError} />}
      {/* It stays, with the focus, whatever becomes of the reading. */}
      {all.length > 1 && (
        <Field label={t("verify.against")} className={styles.against}>
          <Select value={chosen} onChange={(_, data) => setChosen(data.value)}>
            {all.map(({ key, title, permissions: values }) => (
              <option key={key} value={key}>
                {title ?? t("verify.asSetUp", { permissions: values.join(", ") })}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {check.isPending && <PictureSkeleton />}
      {picture && (
        <>
          <Permissions rows={picture.permissions} />
          <Credentials rows={picture.credentials} principal={picture.principal} />
          <TokenPart token={picture.token} />
          <Surplus rows={picture.surplus} />
        </>
      )}
    </Page>
  );
}

function Lead({ principal }: { principal: PrincipalCard }) {
  const styles = useStyles();
  const t = useWords();
  const { connection } = useConnection();
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
      {!connection.practice && <OpenLink url={principal.portalUrl}>{t("link.entra")}</OpenLink>}
    </span>
  );
}

function VerdictSkeleton() {
  const t = useWords();
  const { connection } = useConnection();
  return (
    <Skeleton aria-label={t("verify.reading", { tenant: visible(connection.tenantName) })}>
      <Card>
        <SkeletonItem size={24} />
        <SkeletonItem size={16} />
      </Card>
    </Skeleton>
  );
}

/** The rest of the picture; the skeleton of the verdict speaks for it. */
function PictureSkeleton() {
  const styles = useStyles();
  return (
    <Skeleton aria-hidden="true">
      <div className={styles.skeleton}>
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
