import { Button, makeStyles, Spinner, Text, tokens, typographyStyles } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useId, useRef } from "react";
import { useJob } from "../../app/job";
import { useBackend } from "../../backend/context";
import { useWords } from "../../words/useWords";
import { useAnnounce } from "../Announcer";
import { Card } from "../Card";
import { Facts } from "../Facts";
import { Mark } from "../Mark";
import { Name } from "../Name";
import { ProblemView } from "../ProblemView";
import { useFocusAfterwards } from "../useFocusAfterwards";
import { useSecondsUntil } from "../useSecondsUntil";
import { Secret } from "./Secret";
import type { OfferedSecret } from "./stepState";

const useStyles = makeStyles({
  panel: {
    borderInlineStartWidth: tokens.strokeWidthThickest,
    borderInlineStartStyle: "solid",
    borderInlineStartColor: tokens.colorStatusWarningBorder2,
  },
  body: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  title: { ...typographyStyles.subtitle2, margin: 0, outlineStyle: "none" },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  time: { fontVariantNumeric: "tabular-nums" },
});

/** A new secret that nothing keeps: shown until the operator says that they have it, or has it removed. */
export function NewSecret({ runId, offered }: { runId: string; offered: OfferedSecret }) {
  const styles = useStyles();
  const t = useWords();
  const backend = useBackend();
  const announce = useAnnounce();
  const titleId = useId();
  const title = useRef<HTMLHeadingElement>(null);
  const box = useFocusAfterwards<HTMLElement>();
  const { job, secretHad } = useJob();
  const had = job.secretHad === runId;
  const left = useSecondsUntil(offered.until);
  const settle = useMutation({ mutationFn: (taken: boolean) => backend.settleNewSecret(runId, taken) });

  useEffect(() => {
    title.current?.focus();
  }, []);

  const lastMinute = left > 0 && left <= 60;
  useEffect(() => {
    if (lastMinute) {
      announce(t("newSecret.minute"));
    }
  }, [lastMinute, announce, t]);

  const over = left === 0;
  const settled = settle.isPending || settle.isSuccess;
  return (
    <Card className={styles.panel}>
      <section ref={box} aria-labelledby={titleId} className={styles.body}>
        <h2 ref={title} id={titleId} tabIndex={-1} className={styles.title}>
          {t("newSecret.title")}
        </h2>
        <Text>
          {t(offered.why === null ? "newSecret.wanted" : "newSecret.refused")} {t("newSecret.how")}
        </Text>
        {offered.why !== null && <ProblemView problem={offered.why} alert={false} />}
        <Facts facts={[{ name: t("done.description"), value: <Name text={offered.description} /> }]} />
        {over ? (
          <Mark tone="info">{t("newSecret.over")}</Mark>
        ) : (
          <>
            {!settled && (
              <Secret
                id={`${runId} ${offered.number}`}
                reveal={(dark) => backend.revealNewSecret(runId, dark)}
                copy={() => backend.copyNewSecret(runId)}
                revealing="secret.drawing"
                onHad={() => secretHad(runId)}
              />
            )}
            <Mark tone="waiting">
              <span role="timer" className={styles.time}>
                {t("newSecret.left", { minutes: Math.floor(left / 60), seconds: left % 60 })}
              </span>
            </Mark>
            <div className={styles.actions}>
              <Button
                appearance="primary"
                disabledFocusable={settled || !had}
                title={had ? undefined : t("newSecret.haveFirst")}
                onClick={() => settle.mutate(true)}
              >
                {t("newSecret.have")}
              </Button>
              <Button disabledFocusable={settled} onClick={() => settle.mutate(false)}>
                {t("newSecret.remove")}
              </Button>
              {!had && !settled && <span className={styles.small}>{t("newSecret.haveFirst")}</span>}
              {settled && <Spinner size="tiny" label={t("newSecret.settling")} />}
            </div>
          </>
        )}
        {settle.isError && <ProblemView problem={settle.error} />}
        <span className={styles.small}>{t("newSecret.lost")}</span>
      </section>
    </Card>
  );
}
