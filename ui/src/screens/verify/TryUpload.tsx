import { Button } from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import type { PrincipalCard, ProvisioningJob } from "../../backend/types";
import { visible } from "../../components/text";
import { useWords } from "../../words/useWords";

/** Leads to a real upload to this job, as this client. */
export function TryUpload({ principal, job }: { principal: PrincipalCard; job: ProvisioningJob }) {
  const t = useWords();
  const navigate = useNavigate();
  return (
    <Button
      size="small"
      aria-label={t("road.tryHereOf", { app: visible(job.appName) })}
      onClick={() =>
        navigate({
          to: "/verify/$principal/upload",
          params: { principal: principal.objectId ?? principal.clientId },
          search: { client: principal.clientId, name: principal.name, job: job.id },
        })
      }
    >
      {t("road.tryHere")}
    </Button>
  );
}
