import { Button, Field, makeStyles, Select, Spinner, tokens } from "@fluentui/react-components";
import { useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { useConnection } from "../../app/connection";
import type { Origin } from "../../app/jobState";
import { useRoad, useVerification } from "../../app/queries";
import type { PrincipalCard } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { SaveEvidence } from "../../components/evidence/SaveEvidence";
import { FixOrigin } from "../../components/fix/fixing";
import { CopyId } from "../../components/Id";
import { CheckAgainIcon } from "../../components/icons";
import { BackButton, LinkButton, verification } from "../../components/LinkButton";
import { Name } from "../../components/Name";
import { OpenLink } from "../../components/OpenLink";
import { Page } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { visible } from "../../components/text";
import { useWords } from "../../words/useWords";
import { Findings } from "./Findings";
import { Picture } from "./Picture";
import { PictureSkeleton, VerdictSkeleton } from "./skeletons";
import { Unreadable } from "./Unreadable";
import { VerdictView } from "./VerdictView";
import { yardsticks } from "./yardsticks";

const useStyles = makeStyles({
  lead: { display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: tokens.spacingHorizontalL },
  against: { maxWidth: "400px" },
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
  // From here, so that it is read beside the check.
  const road = useRoad();
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
  const name = who?.name ?? "";
  // A fix leads back to this very check.
  const from = useMemo<Origin>(
    () => ({
      target: verification(principal, permissions),
      back: "fix.backToVerify",
      again: "fix.verifyAgain",
      name,
    }),
    [principal, permissions, name],
  );
  return (
    <Page
      back={<BackButton target={{ to: "/verify" }}>{t("verify.back")}</BackButton>}
      title={who === null ? t("verify.title") : <Name text={who.name} />}
      titleText={who === null ? t("verify.title") : visible(who.name)}
      lead={who && <Lead principal={who} />}
      actions={
        <>
          <Button
            icon={
              check.isFetching ? (
                <Spinner size="extra-tiny" role="presentation" aria-hidden="true" />
              ) : (
                <CheckAgainIcon />
              )
            }
            onClick={() => check.refetch()}
            disabledFocusable={check.isFetching}
          >
            {t(check.isFetching ? "verify.checking" : "verify.again")}
          </Button>
          {picture && (
            <>
              <LinkButton target={{ to: "/verify/$principal/handover", params: { principal } }}>
                {t("handover.open")}
              </LinkButton>
              <SaveEvidence subject={{ kind: "verification", id: picture.id }} />
            </>
          )}
        </>
      }
    >
      {check.isError && <ProblemView problem={check.error} onRetry={() => check.refetch()} />}
      {check.isPending && <VerdictSkeleton />}
      {picture && (
        <FixOrigin from={from}>
          <VerdictView seen={picture} old={check.isError} />
          <Findings seen={picture} />
          <Unreadable lines={picture.unreadable} />
        </FixOrigin>
      )}
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
        <FixOrigin from={from}>
          <Picture seen={picture} road={road} />
        </FixOrigin>
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
