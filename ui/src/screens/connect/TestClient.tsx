import { Button, Link, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useBackend } from "../../backend/context";
import type { ClientTest } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { Mark } from "../../components/Mark";
import { Sentence } from "../../components/Name";
import { ProblemView } from "../../components/ProblemView";
import { useWords } from "../../words/useWords";

const useStyles = makeStyles({
  box: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
  row: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalM, alignItems: "center" },
  list: {
    margin: 0,
    padding: 0,
    listStyleType: "none",
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalS,
  },
  mend: { color: tokens.colorNeutralForeground2, display: "block" },
});

/** Tries a client id in its cloud and tenant and says what is missing; or tells how to come by one. */
export function TestClient({
  cloud,
  tenant,
  clientId,
  onHow,
}: {
  cloud: string;
  tenant: string;
  clientId: string;
  /** Opens the page that tells how to register one. */
  onHow: () => void;
}) {
  const styles = useStyles();
  const t = useWords();
  const backend = useBackend();
  const announce = useAnnounce();
  const test = useMutation({
    mutationFn: () => backend.testClient(cloud, tenant.trim(), clientId.trim()),
    onSuccess: ({ verdict }) => announce(verdict),
  });
  return (
    <div className={styles.box}>
      <div className={styles.row}>
        <Button
          onClick={() => !test.isPending && test.mutate()}
          disabledFocusable={test.isPending || clientId.trim() === ""}
        >
          {t("test.do")}
        </Button>
        <Link as="button" type="button" onClick={onHow}>
          {t("signin.how")}
        </Link>
        {test.isPending && <Spinner size="tiny" label={t("test.testing")} />}
      </div>
      {test.isError && <ProblemView problem={test.error} />}
      {test.isSuccess && <Findings test={test.data} />}
    </div>
  );
}

function Findings({ test }: { test: ClientTest }) {
  const styles = useStyles();
  const t = useWords();
  return (
    <>
      <Mark tone={test.usable ? "good" : "bad"}>
        <strong>
          <Sentence text={test.verdict} />
        </strong>
      </Mark>
      <ul className={styles.list} aria-label={t("test.findings")}>
        {test.findings.map(({ good, what, mend }) => (
          <li key={what}>
            <Mark tone={good ? "good" : "warn"}>
              <Sentence text={what} />
              {mend !== null && (
                <span className={styles.mend}>
                  {t("test.mend")} <Sentence text={mend} />
                </span>
              )}
            </Mark>
          </li>
        ))}
      </ul>
    </>
  );
}
