import { Card } from "../../components/Card";
import { OpenLink } from "../../components/OpenLink";
import { Empty } from "../../components/Page";
import { useWords } from "../../words/useWords";

/** Microsoft's page on configuring an API-driven provisioning app. */
const HOW_TO =
  "https://learn.microsoft.com/en-us/entra/identity/app-provisioning/inbound-provisioning-api-configure-app";

/** There is nothing yet that would take users, and what makes it. */
export function NoJobs() {
  const t = useWords();
  return (
    <Card>
      <Empty title={t("road.none")} action={<OpenLink url={HOW_TO}>{t("road.howTo")}</OpenLink>}>
        {t("road.noneWhat")}
      </Empty>
    </Card>
  );
}
