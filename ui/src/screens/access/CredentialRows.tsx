import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { AppCredential } from "../../backend/types";
import { Card } from "../../components/Card";
import { DaysLeft } from "../../components/fix/DaysLeft";
import { KeptHere } from "../../components/fix/KeptHere";
import { CopyId } from "../../components/Id";
import { Name } from "../../components/Name";
import { visible } from "../../components/text";
import { useWords } from "../../words/useWords";

/** So many are shown at first, and as many more on each wish; those that end first are on top. */
const PORTION = 50;

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none" },
  row: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 2fr) minmax(0, 1.2fr) minmax(0, 1.2fr) max-content",
    alignItems: "start",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalS,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    ":not(:last-child)": { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}` },
    "@media (max-width: 720px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  lines: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS, minWidth: 0 },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** Each credential with its app, the days it has left, where its value lies, and the way to renew it. */
export function CredentialRows({ rows }: { rows: AppCredential[] }) {
  const styles = useStyles();
  const t = useWords();
  const [portions, setPortions] = useState(1);
  const beyond = rows.length - portions * PORTION;
  return (
    <>
      <Card flush>
        <ul className={styles.list} aria-label={t("ends.list")}>
          {rows.slice(0, portions * PORTION).map((row) => (
            <Row key={`${row.clientId} ${row.credential.keyId}`} row={row} />
          ))}
        </ul>
      </Card>
      {beyond > 0 && (
        <div>
          <Button onClick={() => setPortions(portions + 1)}>
            {t("ends.more", { count: Math.min(beyond, PORTION) })}
          </Button>
        </div>
      )}
    </>
  );
}

function Row({ row: { appName, principalId, credential } }: { row: AppCredential }) {
  const styles = useStyles();
  const t = useWords();
  const navigate = useNavigate();
  const { kind, description, keyId } = credential;
  const secret = kind === "secret";
  const what = `${t(`cred.${kind}`)} ${description === "" ? t("cred.unnamed") : visible(description)}`;
  return (
    <li className={styles.row} data-testid="credential">
      <span className={styles.lines}>
        <Name text={appName} strong />
        <span>
          {t(`cred.${kind}`)} {description === "" ? t("cred.unnamed") : <Name text={description} />}
        </span>
        <span className={styles.small}>
          {t("cred.keyId")} <CopyId id={keyId} what={t("cred.keyId")} />
        </span>
      </span>
      <DaysLeft row={credential} />
      {secret ? <KeptHere here={credential.inKeychain} /> : <span />}
      <Button
        size="small"
        aria-label={t(secret ? "ends.renewOf" : "ends.lookOf", { what, app: visible(appName) })}
        onClick={() => navigate({ to: "/verify/$principal", params: { principal: principalId }, search: {} })}
      >
        {t(secret ? "ends.renew" : "ends.look")}
      </Button>
    </li>
  );
}
