import type { useRoad } from "../../app/queries";
import type { Verification } from "../../backend/types";
import { Card } from "../../components/Card";
import { ChangesView } from "../../components/changes/ChangesView";
import { Section } from "../../components/Page";
import { useWords } from "../../words/useWords";
import { RoadPart } from "../road/RoadPart";
import { About } from "./About";
import { Credentials } from "./Credentials";
import { Federated } from "./Federated";
import { Permissions } from "./Permissions";
import { Surplus } from "./Surplus";
import { TokenPart } from "./TokenPart";
import { TryUpload } from "./TryUpload";
import { trialObstacle } from "./trial";

/** What was found, from what it may do to who answers for it; the provisioning jobs are read beside it. */
export function Picture({ seen, road }: { seen: Verification; road: ReturnType<typeof useRoad> }) {
  const t = useWords();
  const obstacle = trialObstacle(seen);
  return (
    <>
      <Permissions seen={seen} />
      <TokenPart seen={seen} />
      <RoadPart
        road={road}
        act={obstacle === null ? (job) => <TryUpload principal={seen.principal} job={job} /> : undefined}
        note={obstacle === null ? undefined : t(obstacle)}
      />
      <Credentials seen={seen} />
      <Federated rows={seen.federated} />
      <Surplus seen={seen} />
      <About seen={seen} />
      <Section title={t("changes.title")}>
        <Card>
          <ChangesView changes={seen.changes} first={t("changes.firstVerify")} />
        </Card>
      </Section>
    </>
  );
}
