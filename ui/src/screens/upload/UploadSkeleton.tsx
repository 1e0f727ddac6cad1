import { Skeleton, SkeletonItem } from "@fluentui/react-components";
import { Card } from "../../components/Card";
import { useWords } from "../../words/useWords";

/** The form's place while the jobs are read. */
export function UploadSkeleton() {
  const t = useWords();
  return (
    <Skeleton aria-label={t("road.reading")}>
      <Card>
        <SkeletonItem size={32} />
        <SkeletonItem size={32} />
        <SkeletonItem size={32} />
      </Card>
    </Skeleton>
  );
}
