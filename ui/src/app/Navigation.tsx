import { makeStyles, mergeClasses, Spinner, tokens, typographyStyles } from "@fluentui/react-components";
import { Link, useLocation } from "@tanstack/react-router";
import type { ReactElement } from "react";
import type { RunState } from "../backend/types";
import { AccessIcon, ActivityIcon, SettingsIcon, SetupIcon, VerifyIcon } from "../components/icons";
import { ToneIcon } from "../components/Mark";
import { RUN_TONES } from "../components/run/runState";
import { HIGH_CONTRAST } from "../theme/contrast";
import { useWords } from "../words/useWords";
import { useJob } from "./job";
import { type Job, waitingSecret } from "./jobState";

const FOLD = "@media (max-width: 840px)";

const useStyles = makeStyles({
  nav: {
    gridArea: "nav",
    width: "176px",
    boxSizing: "border-box",
    overflowY: "auto",
    paddingBlock: tokens.spacingVerticalM,
    paddingInline: tokens.spacingHorizontalS,
    backgroundColor: tokens.colorNeutralBackground3,
    borderInlineEndWidth: tokens.strokeWidthThin,
    borderInlineEndStyle: "solid",
    borderInlineEndColor: tokens.colorNeutralStroke2,
    [FOLD]: { width: "56px" },
  },
  list: {
    listStyleType: "none",
    margin: 0,
    padding: 0,
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXS,
  },
  link: {
    display: "flex",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalMNudge,
    minHeight: "40px",
    boxSizing: "border-box",
    paddingInlineStart: `calc(${tokens.spacingHorizontalMNudge} + ${tokens.strokeWidthThicker})`,
    paddingInlineEnd: tokens.spacingHorizontalMNudge,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: "none",
    ":hover": { backgroundColor: tokens.colorNeutralBackground3Hover, color: tokens.colorNeutralForeground1 },
    [HIGH_CONTRAST]: { ":hover": { backgroundColor: tokens.colorNeutralBackground3, textDecorationLine: "underline" } },
    ":focus-visible": { outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}` },
    [FOLD]: {
      justifyContent: "center",
      paddingInlineStart: tokens.strokeWidthThicker,
      paddingInlineEnd: tokens.strokeWidthThicker,
    },
  },
  current: {
    backgroundColor: tokens.colorNeutralBackground3Selected,
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    // Only here: high contrast would draw a transparent edge on every link.
    borderInlineStartWidth: tokens.strokeWidthThicker,
    borderInlineStartStyle: "solid",
    borderInlineStartColor: tokens.colorCompoundBrandStroke,
    paddingInlineStart: tokens.spacingHorizontalMNudge,
    [HIGH_CONTRAST]: { backgroundColor: tokens.colorNeutralBackground3 },
    [FOLD]: { paddingInlineStart: 0 },
  },
  lines: { display: "flex", flexDirection: "column", minWidth: 0 },
  news: { ...typographyStyles.caption1 },
  label: {
    [FOLD]: {
      position: "absolute",
      width: "1px",
      height: "1px",
      overflow: "hidden",
      clipPath: "inset(50%)",
    },
  },
  icon: { display: "inline-flex", flexShrink: 0 },
  // Below a line: it is no part of the job.
  apart: {
    borderTopWidth: tokens.strokeWidthThin,
    borderTopStyle: "solid",
    borderTopColor: tokens.colorNeutralStroke2,
    marginTop: tokens.spacingVerticalS,
    paddingTop: tokens.spacingVerticalS,
  },
});

/** How a run ended that Rust may have refused, or that it lost. */
function outcome({ run, problem }: Job): RunState {
  return run === null || problem !== null || run.state === "running" ? "failed" : run.state;
}

/** The parts of the app. At 800 px only their signs are left, with the word on hover and for the screen reader. */
export function Navigation() {
  const styles = useStyles();
  const t = useWords();
  const { job } = useJob();
  const path = useLocation({ select: (location) => location.pathname });

  const secretWaits = waitingSecret(job) !== null && path !== "/setup/run";
  const ended = job.unseen && !job.running && path !== "/setup/run" ? outcome(job) : null;

  // "Set up" leads back to where the set-up in hand stands.
  const setup =
    job.running || job.run !== null || job.problem !== null
      ? "/setup/run"
      : job.plan !== null
        ? "/setup/plan"
        : "/setup";
  const items: {
    part: string;
    to: "/setup" | "/setup/plan" | "/setup/run" | "/verify" | "/access" | "/activity" | "/settings";
    label: string;
    icon: ReactElement;
    /** What has come of it since one looked. */
    news?: string;
  }[] = [
    {
      part: "/setup",
      to: setup,
      label: t(job.running ? "nav.setupBusy" : "nav.setup"),
      icon: job.running ? <Spinner size="tiny" role="presentation" aria-hidden="true" /> : <SetupIcon />,
      ...(secretWaits && { icon: <ToneIcon tone="warn" />, news: t("nav.secret") }),
      ...(ended !== null && {
        icon: <ToneIcon tone={RUN_TONES[ended]} />,
        news: t("nav.ended", { state: t(`runstate.${ended}`) }),
      }),
    },
    { part: "/verify", to: "/verify", label: t("nav.verify"), icon: <VerifyIcon /> },
    { part: "/access", to: "/access", label: t("nav.access"), icon: <AccessIcon /> },
    { part: "/activity", to: "/activity", label: t("nav.activity"), icon: <ActivityIcon /> },
    { part: "/settings", to: "/settings", label: t("nav.settings"), icon: <SettingsIcon /> },
  ];
  return (
    <nav className={styles.nav} aria-label={t("frame.nav")}>
      <ul className={styles.list}>
        {items.map((item) => {
          // Finishing another's request is a set-up too.
          const current = path.startsWith(item.part) || (item.part === "/setup" && path === "/consent");
          const name = item.news === undefined ? item.label : `${item.label}, ${item.news}`;
          return (
            <li key={item.part} className={mergeClasses(item.part === "/settings" && styles.apart)}>
              <Link
                to={item.to}
                title={name}
                aria-label={name}
                aria-current={current ? "page" : undefined}
                className={mergeClasses(styles.link, current && styles.current)}
              >
                <span className={styles.icon} aria-hidden="true">
                  {item.icon}
                </span>
                <span className={mergeClasses(styles.lines, styles.label)}>
                  <span>{item.part === "/setup" ? t("nav.setup") : item.label}</span>
                  {item.news !== undefined && <span className={styles.news}>{item.news}</span>}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
