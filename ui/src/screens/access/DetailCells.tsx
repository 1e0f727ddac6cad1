import { mergeClasses } from "@fluentui/react-components";
import type { HolderDetails } from "../../backend/types";
import { daysTone } from "../../components/fix/daysTone";
import { ShortId } from "../../components/Id";
import { Mark } from "../../components/Mark";
import { formatDay } from "../../components/When";
import { useWords, type WordId } from "../../words/useWords";
import type { Detail } from "./detailStore";
import { useGridStyles } from "./gridStyles";

/** Only apps and identities have details: people and groups sign in by other rules. */
export function hasDetails(principalType: string): boolean {
  return principalType === "ServicePrincipal";
}

function isRead(detail: Detail | undefined): detail is HolderDetails {
  return typeof detail === "object";
}

/** What it is, as exactly as it is known, and whose app where it is another tenant's. */
export function TypeCell({ type, detail }: { type: string; detail: Detail | undefined }) {
  const styles = useGridStyles();
  const t = useWords();
  const home = isRead(detail) ? detail.homeTenant : null;
  const kind = isRead(detail) ? detail.kind : null;
  const words = kind === null ? kindOf(type) : (`kind.${kind}` as const);
  const text = words === null ? type : t(words);
  return (
    <>
      <span className={home === null ? undefined : styles.text} title={text}>
        {text}
      </span>
      {home !== null && (
        <span className={mergeClasses(styles.small, styles.text)}>
          {t("access.ofTenant")} <ShortId id={home} />
        </span>
      )}
    </>
  );
}

function kindOf(type: string): WordId | null {
  switch (type) {
    case "ServicePrincipal":
      return "access.kindServicePrincipal";
    case "User":
      return "access.kindUser";
    case "Group":
      return "access.kindGroup";
    default:
      return null;
  }
}

export function SignInCell({ type, detail }: { type: string; detail: Detail | undefined }) {
  const t = useWords();
  if (!hasDetails(type) || !isRead(detail)) {
    return <NotRead type={type} detail={detail} />;
  }
  if (detail.enabled === null) {
    return <Mark tone="unknown">{t(detail.clientId === null ? "access.gone" : "access.notReadable")}</Mark>;
  }
  return detail.enabled ? (
    <Mark tone="settled">{t("word.enabled")}</Mark>
  ) : (
    <Mark tone="warn">{t("access.blocked")}</Mark>
  );
}

export function CredentialCell({ type, detail }: { type: string; detail: Detail | undefined }) {
  const styles = useGridStyles();
  const t = useWords();
  if (!hasDetails(type) || !isRead(detail)) {
    return <NotRead type={type} detail={detail} />;
  }
  const { kind, homeTenant, credentials, daysLeft, credentialEnds } = detail;
  if (kind === "systemAssigned" || kind === "userAssigned") {
    return <span className={styles.small}>{t("access.noneNeeded")}</span>;
  }
  if (homeTenant !== null) {
    return <span className={styles.small}>{t("access.elsewhere")}</span>;
  }
  if (credentials === null) {
    return <Mark tone="unknown">{t("access.notReadable")}</Mark>;
  }
  if (credentials === 0) {
    return <Mark tone="warn">{t("access.noCredential")}</Mark>;
  }
  if (daysLeft === null) {
    return <Mark tone="unknown">{t("cred.noEnd")}</Mark>;
  }
  return (
    <span title={credentialEnds === null ? undefined : (formatDay(credentialEnds) ?? undefined)}>
      <Mark tone={daysTone(daysLeft)}>
        {daysLeft < 0 ? t("cred.ended", { days: -daysLeft }) : t("cred.left", { days: daysLeft })}
      </Mark>
    </span>
  );
}

function NotRead({ type, detail }: { type: string; detail: Detail | undefined }) {
  const styles = useGridStyles();
  const t = useWords();
  const word: WordId = !hasDetails(type)
    ? "access.notApplicable"
    : detail === "reading"
      ? "access.readingCell"
      : detail === "failed"
        ? "access.notReadable"
        : "access.notRead";
  return <span className={styles.small}>{t(word)}</span>;
}
