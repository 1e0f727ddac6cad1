import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import type { AppInfo, Remembered, SignInRequest } from "../../backend/types";
import { Name } from "../../components/Name";
import { ProblemView } from "../../components/ProblemView";
import { visible } from "../../components/text";
import { When } from "../../components/When";
import { useWords, Words } from "../../words/useWords";
import { cloudName } from "../settings/cloudName";
import { useForget } from "../settings/useForget";
import { requestFor } from "./signInForm";

const useStyles = makeStyles({
  list: {
    margin: 0,
    padding: 0,
    listStyleType: "none",
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalL,
  },
  item: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalS,
    ":not(:last-child)": {
      paddingBottom: tokens.spacingVerticalL,
      borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    },
  },
  who: { display: "flex", flexDirection: "column", minWidth: 0 },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  box: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
});

/** The tenants one was in before, the last one first: one press signs in again. */
export function RememberedList({
  info,
  disabled,
  onSignIn,
}: {
  info: AppInfo;
  disabled: boolean;
  onSignIn: (request: SignInRequest) => void;
}) {
  const styles = useStyles();
  const t = useWords();
  const forget = useForget();
  return (
    <div className={styles.box}>
      <Text weight="semibold">{t("org.remembered")}</Text>
      <ul className={styles.list}>
        {info.settings.remembered.map((tenant, index) => (
          <li key={`${tenant.cloud} ${tenant.tenantId}`} className={styles.item}>
            <Row
              tenant={tenant}
              where={cloudName(info, tenant.cloud)}
              first={index === 0}
              disabled={disabled || forget.pending}
              onSignIn={onSignIn}
              onForget={() => forget.forget(tenant)}
            />
          </li>
        ))}
      </ul>
      {forget.problem !== null && <ProblemView problem={forget.problem} />}
    </div>
  );
}

function Row({
  tenant,
  where,
  first,
  disabled,
  onSignIn,
  onForget,
}: {
  tenant: Remembered;
  where: string;
  first: boolean;
  disabled: boolean;
  onSignIn: (request: SignInRequest) => void;
  onForget: () => void;
}) {
  const styles = useStyles();
  const t = useWords();
  const name = visible(tenant.tenantName);
  return (
    <>
      <span className={styles.who}>
        <Name text={tenant.tenantName} strong />
        <Name text={tenant.account} />
        <span className={styles.small}>
          <Words id="org.rememberedWhere" values={{ cloud: where, date: <When at={tenant.last} day /> }} /> ·{" "}
          {t(`way.${tenant.way}`)}
        </span>
      </span>
      <div className={styles.actions}>
        <Button
          appearance={first ? "primary" : undefined}
          data-sign-in={first ? "" : undefined}
          aria-label={t("org.signInTo", { tenant: name, account: visible(tenant.account) })}
          disabledFocusable={disabled}
          onClick={() => onSignIn(requestFor(tenant))}
        >
          {t("org.signIn")}
        </Button>
        <Button
          aria-label={t("org.otherAccountIn", { tenant: name })}
          disabledFocusable={disabled}
          onClick={() => onSignIn({ ...requestFor(tenant), account: null })}
        >
          {t("org.otherAccount")}
        </Button>
        <Button
          appearance="subtle"
          aria-label={t("org.forgetThis", { tenant: name })}
          disabledFocusable={disabled}
          onClick={onForget}
        >
          {t("org.forget")}
        </Button>
      </div>
    </>
  );
}
