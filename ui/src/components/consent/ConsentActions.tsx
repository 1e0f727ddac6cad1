import {
  Button,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { useBackend } from "../../backend/context";
import type { ConsentState, RunView, Saved } from "../../backend/types";
import { useWords } from "../../words/useWords";
import { CopyIcon, OpenLinkIcon } from "../icons";
import { OpenLink } from "../OpenLink";
import { useDeed } from "../useDeed";

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
  small: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
  // What follows on the page may be drawn in layers of its own.
  menu: { zIndex: 3 },
  item: { maxWidth: "360px" },
});

/** Ways to bring the request to whoever may grant it. The link is Rust's to copy and open. */
export function ConsentActions({ run, consent }: { run: RunView; consent: ConsentState }) {
  const styles = useStyles();
  const t = useWords();
  const backend = useBackend();
  const deed = useDeed();
  const save = (format: "json" | "markdown") =>
    deed.act(
      () => backend.saveConsentRequest(run.id, format),
      (saved) => {
        const { path } = saved as Saved;
        return path === null ? null : t("consent.saved", { path });
      },
    );
  return (
    <>
      <div className={styles.actions}>
        <Menu inline>
          <MenuTrigger disableButtonEnhancement>
            <Button appearance="primary">{t("consent.save")}</Button>
          </MenuTrigger>
          <MenuPopover className={styles.menu}>
            <MenuList>
              <MenuItem className={styles.item} subText={t("consent.saveJsonWhat")} onClick={() => save("json")}>
                {t("consent.saveJson")}
              </MenuItem>
              <MenuItem className={styles.item} subText={t("consent.saveNoteWhat")} onClick={() => save("markdown")}>
                {t("consent.saveNote")}
              </MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
        {consent.consentUrl !== null && (
          <>
            <Button
              icon={<CopyIcon />}
              onClick={() => deed.act(() => backend.copyConsentLink(run.id), t("consent.linkCopied"))}
            >
              {t("consent.copyLink")}
            </Button>
            <Button
              icon={<OpenLinkIcon />}
              aria-label={t("consent.openLong")}
              onClick={() =>
                deed.act(
                  () => backend.openConsentLink(run.id),
                  () => null,
                )
              }
            >
              {t("consent.open")}
            </Button>
          </>
        )}
        <OpenLink url={consent.portalUrl}>{t("consent.portal")}</OpenLink>
      </div>
      {deed.outcome}
      <span className={styles.small}>{t(consent.consentUrl === null ? "consent.noLink" : "consent.caution")}</span>
    </>
  );
}
