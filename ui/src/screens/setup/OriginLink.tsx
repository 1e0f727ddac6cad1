import { useJob } from "../../app/job";
import type { Origin } from "../../app/jobState";
import { LinkButton } from "../../components/LinkButton";
import { Name } from "../../components/Name";
import { Words } from "../../words/useWords";

/** Words about the page that a fix was asked for on. */
export function OriginWords({ from, word }: { from: Origin; word: "back" | "again" }) {
  return <Words id={from[word]} values={{ name: <Name text={from.name} /> }} />;
}

/** After a fix: looks again at the page that it was asked for on. None where the run came from no such page. */
export function AgainButton({ primary = false }: { primary?: boolean }) {
  const { job } = useJob();
  return job.from === null ? null : (
    <LinkButton appearance={primary ? "primary" : undefined} target={job.from.target}>
      <OriginWords from={job.from} word="again" />
    </LinkButton>
  );
}
