import { Field, makeStyles, Select, Skeleton, SkeletonItem } from "@fluentui/react-components";
import { useParams, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useConnection } from "../../app/connection";
import { usePacket, useRoad } from "../../app/queries";
import { Card } from "../../components/Card";
import { PacketView } from "../../components/handover/PacketView";
import { BackTo } from "../../components/LinkButton";
import { Name } from "../../components/Name";
import { Page } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { visible } from "../../components/text";
import { useWords, Words } from "../../words/useWords";

const useStyles = makeStyles({ job: { maxWidth: "480px" } });

/** Everything that the developer of an API client needs, to copy or save, without the secret. */
export function HandOverPage() {
  const principal: string = useParams({ strict: false }).principal ?? "";
  return <HandOver key={principal} principal={principal} />;
}

function HandOver({ principal }: { principal: string }) {
  const styles = useStyles();
  const t = useWords();
  const router = useRouter();
  const { connection } = useConnection();
  const [job, setJob] = useState<string | null>(null);
  const packet = usePacket(principal, job);
  const jobs = useRoad().data?.jobs ?? [];
  const name = packet.data?.name ?? null;
  const shown = packet.isPlaceholderData ? undefined : packet.data;
  return (
    <Page
      back={<BackTo onBack={() => router.history.back()}>{t("handover.back")}</BackTo>}
      title={
        name === null ? t("handover.title") : <Words id="handover.titleOf" values={{ name: <Name text={name} /> }} />
      }
      titleText={name === null ? t("handover.title") : t("handover.titleOf", { name: visible(name) })}
      lead={t("handover.lead")}
    >
      {jobs.length > 1 && (
        <Field label={t("handover.job")} className={styles.job}>
          <Select value={job ?? ""} onChange={(_, data) => setJob(data.value === "" ? null : data.value)}>
            <option value="">{t("handover.jobAny")}</option>
            {jobs.map(({ id, appName }) => (
              <option key={id} value={id}>
                {visible(appName)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {packet.isError && <ProblemView problem={packet.error} onRetry={() => packet.refetch()} />}
      {shown === undefined && !packet.isError && (
        <Skeleton aria-label={t("handover.reading", { tenant: visible(connection.tenantName) })}>
          <Card>
            <SkeletonItem size={24} />
            <SkeletonItem size={24} />
            <SkeletonItem size={128} />
          </Card>
        </Skeleton>
      )}
      {shown !== undefined && <PacketView packet={shown} />}
    </Page>
  );
}
