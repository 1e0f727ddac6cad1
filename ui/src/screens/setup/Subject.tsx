import { useJob } from "../../app/job";
import { IdentityTraits } from "../../components/IdentityTraits";
import { Sentence } from "../../components/Name";

/** Whom a plan or its run is for. A managed identity is told from its namesakes. */
export function Subject({ plan }: { plan: { subject: string } }) {
  const { job } = useJob();
  return (
    <>
      <Sentence text={plan.subject} />
      {job.card !== null && (
        <>
          {" · "}
          <IdentityTraits card={job.card} after={plan.subject} />
        </>
      )}
    </>
  );
}
