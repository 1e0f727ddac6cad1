import { Button, makeStyles, tokens, typographyStyles } from "@fluentui/react-components";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useSignIn } from "../../app/useSignIn";
import type { AppInfo } from "../../backend/types";
import { SettingsIcon } from "../../components/icons";
import { BackTo } from "../../components/LinkButton";
import { Mark } from "../../components/Mark";
import { Page } from "../../components/Page";
import { useWords } from "../../words/useWords";
import { SettingsParts } from "../settings/SettingsParts";
import { OrganisationCard } from "./OrganisationCard";
import { PracticeCard } from "./PracticeCard";
import { RegisterGuide } from "./RegisterGuide";
import { ResetPractice } from "./ResetPractice";

const useStyles = makeStyles({
  scroll: { position: "relative", height: "100%", overflowY: "auto", backgroundColor: tokens.colorNeutralBackground2 },
  page: {
    maxWidth: "1040px",
    marginInline: "auto",
    boxSizing: "border-box",
    padding: tokens.spacingHorizontalXXL,
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXXL,
    "@media (max-width: 480px)": { padding: tokens.spacingHorizontalL },
  },
  aside: { maxWidth: "1040px", marginInline: "auto" },
  head: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXS },
  title: { ...typographyStyles.title1, margin: 0, outlineStyle: "none" },
  lead: { ...typographyStyles.body2, color: tokens.colorNeutralForeground2, margin: 0 },
  cards: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 340px), 1fr))",
    gap: tokens.spacingHorizontalXXL,
    alignItems: "start",
  },
  foot: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
  version: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200, flexGrow: 1 },
});

/** A page that is opened from Connect, which waits below with what was typed in it. */
type Aside = { kind: "settings" } | { kind: "register"; cloud: string; from: "connect" | "settings" };

/** Who is not connected yet: the practice tenant, or one's own organisation. */
export function ConnectPage({ info }: { info: AppInfo }) {
  const styles = useStyles();
  const t = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const [aside, setAside] = useState<Aside | null>(null);
  const [practising, setPractising] = useState(false);
  const signIn = useSignIn();

  useEffect(() => {
    if (aside === null) {
      heading.current?.focus({ preventScroll: true });
      document.title = `${t("connect.title")} – ${t("app.name")}`;
    }
  }, [aside, t]);

  const practice = (
    <PracticeCard key="practice" personas={info.personas} disabled={signIn.pending} onBusy={setPractising} />
  );
  const organisation = (
    <OrganisationCard
      key="organisation"
      info={info}
      signIn={signIn}
      disabled={practising}
      onHow={(cloud) => setAside({ kind: "register", cloud, from: "connect" })}
    />
  );
  // Who has been somewhere before sees that first.
  const cards = info.settings.remembered.length > 0 ? [organisation, practice] : [practice, organisation];
  return (
    <main className={styles.scroll}>
      {aside !== null && (
        <div className={styles.aside}>
          <AsidePage aside={aside} info={info} onBack={() => setAside(null)} onAside={setAside} />
        </div>
      )}
      <div hidden={aside !== null}>
        <div className={styles.page}>
          <header className={styles.head}>
            <h1 ref={heading} tabIndex={-1} className={styles.title}>
              {t("app.name")}
            </h1>
            <p className={styles.lead}>{t("connect.lead")}</p>
          </header>
          {info.settingsNotice !== null && <Mark tone="warn">{info.settingsNotice}</Mark>}
          <div className={styles.cards}>{cards}</div>
          <footer className={styles.foot}>
            <span className={styles.version}>{t("connect.version", { version: info.version })}</span>
            <Button
              appearance="subtle"
              size="small"
              icon={<SettingsIcon />}
              onClick={() => setAside({ kind: "settings" })}
            >
              {t("connect.settings")}
            </Button>
            <ResetPractice disabled={practising || signIn.pending} />
          </footer>
        </div>
      </div>
    </main>
  );
}

function AsidePage({
  aside,
  info,
  onBack,
  onAside,
}: {
  aside: Aside;
  info: AppInfo;
  onBack: () => void;
  onAside: (aside: Aside) => void;
}): ReactNode {
  const t = useWords();
  const fromSettings = aside.kind === "register" && aside.from === "settings";
  const back = (
    <BackTo onBack={() => (fromSettings ? onAside({ kind: "settings" }) : onBack())}>
      {t(fromSettings ? "settings.title" : "connect.back")}
    </BackTo>
  );
  if (aside.kind === "settings") {
    return (
      <Page
        key="settings"
        back={back}
        title={t("settings.title")}
        titleText={t("settings.title")}
        lead={t("settings.lead")}
      >
        <SettingsParts info={info} onHow={(cloud) => onAside({ kind: "register", cloud, from: "settings" })} />
      </Page>
    );
  }
  return (
    <Page
      key="register"
      back={back}
      title={t("register.title")}
      titleText={t("register.title")}
      lead={t("register.lead")}
    >
      <RegisterGuide info={info} cloud={aside.cloud} />
    </Page>
  );
}
