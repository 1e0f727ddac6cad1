import {
  Button,
  makeStyles,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  tokens,
  typographyStyles,
} from "@fluentui/react-components";
import type { ReactElement, ReactNode } from "react";
import { Facts } from "../components/Facts";
import { CopyId } from "../components/Id";
import { OpenedIcon, PersonIcon, TenantIcon } from "../components/icons";
import { Name } from "../components/Name";
import { useWords } from "../words/useWords";
import { useConnection } from "./connection";
import { useLeave } from "./Leave";

const useStyles = makeStyles({
  header: {
    gridArea: "header",
    minHeight: "48px",
    display: "flex",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalS,
    paddingInline: tokens.spacingHorizontalL,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
  },
  product: { ...typographyStyles.subtitle2, whiteSpace: "nowrap", marginInlineEnd: tokens.spacingHorizontalL },
  space: { flexGrow: 1 },
  button: { minWidth: 0, fontWeight: tokens.fontWeightRegular },
  label: {
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
    maxWidth: "280px",
    "@media (max-width: 840px)": { maxWidth: "150px" },
    "@media (max-width: 600px)": { maxWidth: "72px" },
  },
  cloud: {
    color: tokens.colorNeutralForeground2,
    whiteSpace: "nowrap",
    "@media (max-width: 840px)": { display: "none" },
  },
  surface: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL, maxWidth: "360px" },
});

/** The tenant and who is signed in are in sight on every page. */
export function Header() {
  const styles = useStyles();
  const t = useWords();
  const { connection } = useConnection();
  const leave = useLeave();
  const domain = connection.tenantDomain;
  const tenant = domain === null ? connection.tenantName : `${connection.tenantName} · ${domain}`;
  return (
    <header className={styles.header}>
      <span className={styles.product}>{t("app.name")}</span>
      <HeaderMenu icon={<TenantIcon />} label={tenant} name={t("frame.tenant", { name: tenant })}>
        <Facts
          facts={[
            { name: t("home.tenant"), value: <Name text={connection.tenantName} strong /> },
            { name: t("home.domain"), value: domain },
            { name: t("word.tenantId"), value: <CopyId id={connection.tenantId} what={t("word.tenantId")} /> },
            { name: t("home.cloud"), value: connection.cloud },
          ]}
        />
      </HeaderMenu>
      <span className={styles.cloud}>{t("frame.cloud", { name: connection.cloud })}</span>
      <span className={styles.space} />
      <HeaderMenu
        icon={<PersonIcon />}
        label={connection.account}
        name={t("frame.account", { name: connection.account })}
      >
        <Facts
          facts={[
            { name: t("home.account"), value: <Name text={connection.accountName} strong /> },
            { name: "", value: <Name text={connection.account} /> },
            {
              name: t("home.roles"),
              value: connection.roles.length === 0 ? t("home.noRoles") : connection.roles.join(", "),
            },
          ]}
        />
        <div>
          <Button onClick={leave}>{connection.practice ? t("frame.leavePractice") : t("frame.leave")}</Button>
        </div>
      </HeaderMenu>
    </header>
  );
}

function HeaderMenu({
  icon,
  label,
  name,
  children,
}: {
  icon: ReactElement;
  label: string;
  name: string;
  children: ReactNode;
}) {
  const styles = useStyles();
  return (
    <Popover trapFocus withArrow>
      <PopoverTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={icon} className={styles.button} aria-label={name} title={label}>
          <bdi className={styles.label}>{label}</bdi>
          <OpenedIcon />
        </Button>
      </PopoverTrigger>
      <PopoverSurface className={styles.surface} aria-label={name}>
        {children}
      </PopoverSurface>
    </Popover>
  );
}
