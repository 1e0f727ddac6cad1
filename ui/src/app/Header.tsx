import {
  Button,
  makeStyles,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  tokens,
  typographyStyles,
} from "@fluentui/react-components";
import { Fragment, type ReactElement, type ReactNode, useState } from "react";
import { Facts } from "../components/Facts";
import { CopyId } from "../components/Id";
import { OpenedIcon, PersonIcon, TenantIcon } from "../components/icons";
import { Name } from "../components/Name";
import { visible } from "../components/text";
import { useWords } from "../words/useWords";
import { AccountMenu } from "./AccountMenu";
import { useConnection } from "./connection";

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
  // The system's title bar says it too.
  product: {
    ...typographyStyles.subtitle2,
    whiteSpace: "nowrap",
    marginInlineEnd: tokens.spacingHorizontalL,
    "@media (max-width: 480px)": { display: "none" },
  },
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
  const domain = connection.tenantDomain;
  return (
    <header className={styles.header}>
      <span className={styles.product}>{t("app.name")}</span>
      <HeaderMenu
        icon={<TenantIcon />}
        label={domain === null ? [connection.tenantName] : [connection.tenantName, domain]}
        word="frame.tenant"
      >
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
      <HeaderMenu icon={<PersonIcon />} label={[connection.account]} word="frame.account">
        {(close) => <AccountMenu close={close} />}
      </HeaderMenu>
    </header>
  );
}

function HeaderMenu({
  icon,
  label,
  word,
  children,
}: {
  icon: ReactElement;
  /** Names, each apart from the next. */
  label: string[];
  /** What they name, for the screen reader. */
  word: "frame.tenant" | "frame.account";
  children: ReactNode | ((close: () => void) => ReactNode);
}) {
  const styles = useStyles();
  const t = useWords();
  const [open, setOpen] = useState(false);
  const plain = label.map(visible).join(" · ");
  const name = t(word, { name: plain });
  return (
    <Popover trapFocus withArrow open={open} onOpenChange={(_, data) => setOpen(data.open)}>
      <PopoverTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={icon} className={styles.button} aria-label={name} title={plain}>
          <span className={styles.label}>
            {label.map((part, index) => (
              <Fragment key={part}>
                {index > 0 && " · "}
                <Name text={part} oneLine />
              </Fragment>
            ))}
          </span>
          <OpenedIcon />
        </Button>
      </PopoverTrigger>
      <PopoverSurface className={styles.surface} aria-label={name}>
        {typeof children === "function" ? children(() => setOpen(false)) : children}
      </PopoverSurface>
    </Popover>
  );
}
