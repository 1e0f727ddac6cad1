import { Button, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import { useCallback, useEffect, useRef, useState } from "react";
import { useSession } from "../../app/session";
import { useBackend } from "../../backend/context";
import { toProblem } from "../../backend/problem";
import type { Copied, Problem, Revealed, SecretPlace } from "../../backend/types";
import { useDark } from "../../theme/useTheme";
import { useWords, type WordId } from "../../words/useWords";
import { useAnnounce } from "../Announcer";
import { useClipboard } from "../Clipboard";
import { CopyIcon, HideIcon, RevealIcon } from "../icons";
import { Mark } from "../Mark";
import { ProblemView } from "../ProblemView";

/** The picture's address and how long it lives; never the secret itself. */
type Shown = { imageUrl: string; width: number; height: number; secondsLeft: number };

type State =
  | { kind: "hidden" }
  | { kind: "reading" }
  | ({ kind: "shown" } & Shown)
  | { kind: "expired" }
  | { kind: "unwatched" }
  | { kind: "problem"; problem: Problem };

const useStyles = makeStyles({
  secret: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM, alignItems: "flex-start" },
  buttons: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
  picture: {
    display: "block",
    maxWidth: "100%",
    borderRadius: tokens.borderRadiusMedium,
    border: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke1}`,
  },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** Copy and Reveal of a secret that lies in the keychain. */
export function StoredSecret({ place: { clientId, keyId } }: { place: SecretPlace }) {
  const backend = useBackend();
  return (
    <Secret
      id={keyId}
      reveal={(dark) => backend.revealSecret(clientId, keyId, dark)}
      copy={() => backend.copySecret(clientId, keyId)}
      revealing="secret.revealing"
    />
  );
}

interface SecretProps {
  /** What the page knows it by. */
  id: string;
  reveal: (dark: boolean) => Promise<Revealed>;
  copy: () => Promise<Copied>;
  /** What is said until the picture is there. */
  revealing: WordId;
  /** The operator has seen or copied it. */
  onHad?: () => void;
}

/**
 * Copy and Reveal of a secret. Rust puts it on the clipboard or draws it; the page holds
 * only a picture's address, drops it after its seconds, on Escape, when the window loses the focus and when the page
 * goes, and tells Rust to forget the picture each time.
 */
export function Secret({ id, reveal: draw, copy: put, revealing, onHad }: SecretProps) {
  const styles = useStyles();
  const t = useWords();
  const backend = useBackend();
  const announce = useAnnounce();
  const dark = useDark();
  const clipboard = useClipboard();
  const { locked } = useSession();
  const [state, setState] = useState<State>({ kind: "hidden" });
  // Counts up with each press and each hiding, so that an answer that comes too late is not shown.
  const turn = useRef(0);
  const shown = state.kind === "shown";

  const forget = useCallback(() => {
    backend.hideSecret().catch(() => undefined);
  }, [backend]);

  const hide = useCallback(() => {
    turn.current += 1;
    setState({ kind: "hidden" });
    forget();
    announce(t("secret.hidden"));
  }, [forget, announce, t]);

  useEffect(() => {
    if (!shown) {
      return;
    }
    const tick = setInterval(() => {
      setState((now) => (now.kind === "shown" ? { ...now, secondsLeft: now.secondsLeft - 1 } : now));
    }, 1000);
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && hide();
    const onVisibility = () => document.visibilityState === "hidden" && hide();
    window.addEventListener("blur", hide);
    window.addEventListener("keydown", onKey);
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      clearInterval(tick);
      window.removeEventListener("blur", hide);
      window.removeEventListener("keydown", onKey);
      document.removeEventListener("visibilitychange", onVisibility);
    };
  }, [shown, hide]);

  // Rust has forgotten the picture when it locked.
  useEffect(() => {
    if (locked) {
      turn.current += 1;
      setState({ kind: "hidden" });
    }
  }, [locked]);

  const over = state.kind === "shown" && state.secondsLeft <= 0;
  useEffect(() => {
    if (over) {
      hide();
    }
  }, [over, hide]);

  useEffect(
    () => () => {
      turn.current += 1;
      forget();
    },
    [forget],
  );

  const reveal = async () => {
    turn.current += 1;
    const mine = turn.current;
    setState({ kind: "reading" });
    try {
      const revealed = await draw(dark);
      if (mine !== turn.current) {
        forget();
        return;
      }
      // The window may have been left while the keychain was read.
      if (document.visibilityState === "hidden" || !document.hasFocus()) {
        forget();
        setState({ kind: "unwatched" });
        announce(t("secret.unwatched"));
        return;
      }
      const { imageUrl, width, height, seconds } = revealed;
      setState({ kind: "shown", imageUrl, width, height, secondsLeft: seconds });
      announce(t("secret.shown", { seconds }));
      onHad?.();
    } catch (thrown) {
      if (mine === turn.current) {
        setState({ kind: "problem", problem: toProblem(thrown) });
      }
    }
  };

  const copy = async () => {
    try {
      await clipboard.copySecret(id, put);
      onHad?.();
      setState((now) => (now.kind === "problem" ? { kind: "hidden" } : now));
    } catch (thrown) {
      turn.current += 1;
      forget();
      setState({ kind: "problem", problem: toProblem(thrown) });
    }
  };

  return (
    <div className={styles.secret}>
      <div className={styles.buttons}>
        <Button icon={<CopyIcon />} onClick={copy}>
          {t("secret.copy")}
        </Button>
        <Button
          icon={shown ? <HideIcon /> : <RevealIcon />}
          aria-expanded={shown}
          onClick={shown ? hide : reveal}
          disabledFocusable={state.kind === "reading"}
        >
          {t(shown ? "secret.hide" : "secret.reveal")}
        </Button>
        {state.kind === "reading" && <Spinner size="tiny" label={t(revealing)} />}
      </div>
      {state.kind === "shown" && (
        <>
          <img
            className={styles.picture}
            src={state.imageUrl}
            width={state.width}
            height={state.height}
            alt={t("secret.alt")}
            draggable={false}
            onError={() => {
              turn.current += 1;
              setState({ kind: "expired" });
              forget();
            }}
          />
          <span className={styles.small}>{t("secret.hidesIn", { seconds: Math.max(state.secondsLeft, 0) })}</span>
        </>
      )}
      {clipboard.secret?.id === id && (
        <Mark tone="good">{t("secret.copied", { seconds: clipboard.secret.seconds })}</Mark>
      )}
      {state.kind === "expired" && <Mark tone="info">{t("secret.pictureFailed")}</Mark>}
      {state.kind === "unwatched" && <Mark tone="info">{t("secret.unwatched")}</Mark>}
      {state.kind === "problem" && <ProblemView problem={state.problem} />}
    </div>
  );
}
