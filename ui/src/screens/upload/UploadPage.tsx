import { MessageBar, MessageBarBody } from "@fluentui/react-components";
import { useRouter, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useConnection } from "../../app/connection";
import { useRoad } from "../../app/queries";
import { useUpload } from "../../app/upload";
import { Card } from "../../components/Card";
import { BackTo } from "../../components/LinkButton";
import { Name } from "../../components/Name";
import { Page } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { useWords, Words } from "../../words/useWords";
import { NoJobs } from "../road/NoJobs";
import { UploadForm } from "./UploadForm";
import { UploadLive } from "./UploadLive";
import { UploadSkeleton } from "./UploadSkeleton";

/** Sends one user as the API client itself, after showing exactly what, and follows what becomes of it. */
export function UploadPage() {
  const t = useWords();
  const router = useRouter();
  const { connection } = useConnection();
  const {
    client = "",
    name = "",
    job,
  }: { client?: string; name?: string; job?: string } = useSearch({
    strict: false,
  });
  const { upload } = useUpload();
  const mine = upload?.request.clientId === client ? upload : null;
  return (
    <Page
      back={<BackTo onBack={() => router.history.back()}>{t("upload.back")}</BackTo>}
      title={t("upload.title")}
      titleText={t("upload.title")}
      lead={
        <Words
          id="upload.lead"
          values={{
            client: <Name text={name === "" ? client : name} strong />,
            tenant: <Name text={connection.tenantName} strong />,
          }}
        />
      }
    >
      {connection.practice ? (
        <Notice>{t("upload.practice")}</Notice>
      ) : (
        <Notice warning>
          <Words id="upload.real" values={{ tenant: <Name text={connection.tenantName} strong /> }} />
        </Notice>
      )}
      {mine === null ? <Prepare client={client} job={job} /> : <UploadLive upload={mine} />}
    </Page>
  );
}

function Notice({ warning = false, children }: { warning?: boolean; children: ReactNode }) {
  return (
    <MessageBar intent={warning ? "warning" : "info"} layout="multiline">
      <MessageBarBody>{children}</MessageBarBody>
    </MessageBar>
  );
}

function Prepare({ client, job }: { client: string; job?: string }) {
  const road = useRoad();
  if (road.data === undefined) {
    return road.isError ? <ProblemView problem={road.error} onRetry={() => road.refetch()} /> : <UploadSkeleton />;
  }
  if (road.data.jobs.length > 0) {
    return <UploadForm client={client} jobs={road.data.jobs} asked={job} />;
  }
  return road.data.unreadable === null ? (
    <NoJobs />
  ) : (
    <Card>
      <ProblemView problem={road.data.unreadable} onRetry={() => road.refetch()} alert={false} />
    </Card>
  );
}
