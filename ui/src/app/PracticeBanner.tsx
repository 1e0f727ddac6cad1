import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
} from "@fluentui/react-components";
import { useWords } from "../words/useWords";
import { useLeave } from "./Leave";

const useStyles = makeStyles({
  place: { flexShrink: 0 },
  bar: { borderRadius: 0, borderInlineStyle: "none", borderTopStyle: "none" },
});

/** Stays as long as the practice tenant is connected: it must never pass for a real one. */
export function PracticeBanner() {
  const styles = useStyles();
  const t = useWords();
  const leave = useLeave();
  return (
    <section className={styles.place} aria-label={t("connect.practice")}>
      <MessageBar intent="warning" className={styles.bar}>
        <MessageBarBody>
          <MessageBarTitle>{t("frame.practice")}</MessageBarTitle> {t("frame.practiceWhy")}
        </MessageBarBody>
        <MessageBarActions>
          <Button size="small" onClick={leave} aria-label={t("frame.leavePractice")}>
            {t("frame.leave")}
          </Button>
        </MessageBarActions>
      </MessageBar>
    </section>
  );
}
