import {
  Button,
  type ButtonProps,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { useBackend } from "../../backend/context";
import type { EvidenceFormat, EvidenceSubject, Saved } from "../../backend/types";
import { useWords } from "../../words/useWords";
import { SaveIcon } from "../icons";
import { useDeed } from "../useDeed";

/** The one for people first. */
const FORMATS: EvidenceFormat[] = ["html", "csv", "json"];

const useStyles = makeStyles({
  row: {
    display: "inline-flex",
    flexWrap: "wrap",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalXS,
    minWidth: 0,
  },
  // What follows on the page, fields and a list's head, is drawn in layers of its own.
  menu: { zIndex: 3 },
  item: { maxWidth: "360px" },
  outcome: { overflowWrap: "anywhere", minWidth: 0 },
});

/** Saves evidence of a verification, an audit or a run, in the form that is chosen; Rust asks where to. */
export function SaveEvidence({ subject, size }: { subject: EvidenceSubject; size?: ButtonProps["size"] }) {
  const styles = useStyles();
  const t = useWords();
  const backend = useBackend();
  const deed = useDeed();
  const save = (format: EvidenceFormat) =>
    deed.act(
      () => backend.saveEvidence(subject, format),
      (saved) => {
        const { path } = saved as Saved;
        return path === null ? null : t("evidence.saved", { path });
      },
    );
  return (
    <span className={styles.row}>
      <Menu inline>
        <MenuTrigger disableButtonEnhancement>
          <Button size={size} icon={<SaveIcon />}>
            {t("evidence.save")}
          </Button>
        </MenuTrigger>
        <MenuPopover className={styles.menu}>
          <MenuList>
            {FORMATS.map((format) => (
              <MenuItem
                key={format}
                className={styles.item}
                subText={t(`evidence.${format}What`)}
                onClick={() => save(format)}
              >
                {t(`evidence.${format}`)}
              </MenuItem>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
      {deed.outcome && <span className={styles.outcome}>{deed.outcome}</span>}
    </span>
  );
}
