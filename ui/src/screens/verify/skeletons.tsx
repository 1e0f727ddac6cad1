import { makeStyles, Skeleton, SkeletonItem, tokens } from "@fluentui/react-components";
import { useConnection } from "../../app/connection";
import { Card } from "../../components/Card";
import { visible } from "../../components/text";
import { useWords } from "../../words/useWords";

const useStyles = makeStyles({
  skeleton: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXL },
});

export function VerdictSkeleton() {
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
export function PictureSkeleton() {
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
