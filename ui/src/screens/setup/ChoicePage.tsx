import { makeStyles, Text, tokens, typographyStyles } from "@fluentui/react-components";
import { Link, Navigate } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useJob } from "../../app/job";
import { AzureIcon, ProgramIcon } from "../../components/icons";
import { Page } from "../../components/Page";
import { HIGH_CONTRAST } from "../../theme/contrast";
import { useWords } from "../../words/useWords";
import { OpenRequest } from "../consent/OpenRequest";

const useStyles = makeStyles({
  cards: {
    display: "flex",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalXXL,
  },
  card: {
    display: "flex",
    flexDirection: "column",
    flexGrow: 1,
    flexShrink: 1,
    flexBasis: "min(100%, 280px)",
    rowGap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalXXL,
    minHeight: "200px",
    boxSizing: "border-box",
    backgroundColor: tokens.colorNeutralBackground1,
    border: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusLarge,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: "none",
    boxShadow: tokens.shadow2,
    ":hover": {
      backgroundColor: tokens.colorNeutralBackground1Hover,
      border: `${tokens.strokeWidthThin} solid ${tokens.colorCompoundBrandStroke}`,
    },
    [HIGH_CONTRAST]: { ":hover": { backgroundColor: tokens.colorNeutralBackground1 } },
    ":focus-visible": {
      outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}`,
      outlineOffset: tokens.strokeWidthThick,
    },
  },
  other: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalS,
    color: tokens.colorNeutralForeground2,
  },
  icon: { color: tokens.colorBrandForeground1, display: "inline-flex" },
  title: { ...typographyStyles.subtitle1 },
  what: { ...typographyStyles.body1, flexGrow: 1 },
  term: { ...typographyStyles.caption1, color: tokens.colorNeutralForeground2 },
});

/** The first question, in the administrator's own terms. */
export function ChoicePage() {
  const styles = useStyles();
  const t = useWords();
  const { job } = useJob();
  if (job.running) {
    return <Navigate to="/setup/run" />;
  }
  return (
    <Page title={t("setup.title")} titleText={t("setup.title")} lead={t("setup.lead")}>
      <div className={styles.cards}>
        <ChoiceCard
          to="/setup/app"
          icon={<ProgramIcon />}
          title={t("choice.program")}
          what={t("choice.programWhat")}
          term={t("choice.programTerm")}
        />
        <ChoiceCard
          to="/setup/identity"
          icon={<AzureIcon />}
          title={t("choice.azure")}
          what={t("choice.azureWhat")}
          term={t("choice.azureTerm")}
        />
      </div>
      <div className={styles.other}>
        <Text>{t("request.invite")}</Text>
        <OpenRequest />
      </div>
    </Page>
  );
}

function ChoiceCard(props: {
  to: "/setup/app" | "/setup/identity";
  icon: ReactElement;
  title: string;
  what: string;
  term: string;
}) {
  const styles = useStyles();
  return (
    <Link to={props.to} className={styles.card}>
      <span className={styles.icon} aria-hidden="true">
        {props.icon}
      </span>
      <span className={styles.title}>{props.title}</span>
      <span className={styles.what}>{props.what}</span>
      <span className={styles.term}>{props.term}</span>
    </Link>
  );
}
