import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import { createContext, type ReactNode, useContext } from "react";
import { useBackend } from "../backend/context";
import type { AskedFor, SignInRequest } from "../backend/types";
import { AskingPanel } from "../components/asking/AskingPanel";
import { ScopeList } from "../components/asking/ScopeList";
import { Name } from "../components/Name";
import { ProblemView } from "../components/ProblemView";
import { visible } from "../components/text";
import { useReturnFocus } from "../components/useReturnFocus";
import { useWords, Words } from "../words/useWords";
import { useConnection } from "./connection";
import { useJob } from "./job";
import { useSession } from "./session";
import { useSignIn } from "./useSignIn";

const SwitchContext = createContext<(request: SignInRequest) => void>(() => undefined);

/** `switchTo(request)`: signs in as somebody else or somewhere else; the present session stays until that is done. */
export function useSwitch(): (request: SignInRequest) => void {
  return useContext(SwitchContext);
}

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
});

/**
 * While somebody is signed in: the dialog that stands over the page, and keeps it, whenever they are asked to sign in
 * again or are signing in elsewhere.
 */
export function SwitchProvider({ children }: { children: ReactNode }) {
  const styles = useStyles();
  const t = useWords();
  const backend = useBackend();
  const navigate = useNavigate();
  const { connection } = useConnection();
  const { asked, locked } = useSession();
  const { clear } = useJob();
  // A plan was made for who was signed in before; what was typed is as good for the next.
  const signIn = useSignIn(async () => {
    await navigate({ to: "/" });
    clear(true);
  });
  const failed = signIn.problem;
  const open = !locked && (asked !== null || signIn.pending || failed !== null);
  useReturnFocus(open);

  const why: AskedFor["kind"] = signIn.pending ? "connect" : (asked?.why.kind ?? "connect");
  const scopes = !signIn.pending && asked?.why.kind === "scopes" ? asked.why.scopes : [];
  const account = visible(connection.account);
  const tenant = <Name text={connection.tenantName} strong />;
  const titleValues = { tenant: visible(connection.tenantName), count: scopes.length };
  const cancel = () => (signIn.pending ? signIn.cancel() : void backend.cancelSignIn().catch(() => undefined));

  return (
    <SwitchContext.Provider value={signIn.start}>
      {children}
      <Dialog open={open} modalType="alert">
        <DialogSurface>
          {failed !== null && asked === null ? (
            <DialogBody>
              <DialogTitle>{t("again.failed")}</DialogTitle>
              <DialogContent className={styles.content}>
                <span>
                  <Words id="again.failedWhy" values={{ tenant, account: <Name text={connection.account} /> }} />
                </span>
                <ProblemView
                  problem={failed}
                  onRetry={signIn.request === null ? undefined : () => signIn.request && signIn.start(signIn.request)}
                />
              </DialogContent>
              <DialogActions>
                <Button appearance="primary" onClick={signIn.reset}>
                  {t("again.close", { account })}
                </Button>
              </DialogActions>
            </DialogBody>
          ) : (
            <DialogBody>
              <DialogTitle>{t(`again.${why}`, titleValues)}</DialogTitle>
              <DialogContent className={styles.content}>
                <span>
                  <Words id={`again.${why}Why`} values={{ tenant, account: <Name text={connection.account} /> }} />
                </span>
                {scopes.length > 0 && <ScopeList scopes={scopes} />}
                <AskingPanel how={asked?.how ?? null} onCancel={cancel} />
              </DialogContent>
            </DialogBody>
          )}
        </DialogSurface>
      </Dialog>
    </SwitchContext.Provider>
  );
}
