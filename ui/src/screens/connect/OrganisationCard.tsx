import { Link, makeStyles, Text, tokens, typographyStyles } from "@fluentui/react-components";
import { useEffect, useRef, useState } from "react";
import { useSession } from "../../app/session";
import type { SignIn } from "../../app/useSignIn";
import type { AppInfo, SignInRequest } from "../../backend/types";
import { AskingPanel } from "../../components/asking/AskingPanel";
import { Card } from "../../components/Card";
import { Mark } from "../../components/Mark";
import { Name } from "../../components/Name";
import { ProblemView } from "../../components/ProblemView";
import { useWords, Words } from "../../words/useWords";
import { RememberedList } from "./RememberedList";
import { SignInFields } from "./SignInFields";
import { emptySignInForm, fieldErrors } from "./signInForm";

const useStyles = makeStyles({
  head: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXS },
  title: { ...typographyStyles.title3, margin: 0 },
  state: { ...typographyStyles.body1, color: tokens.colorNeutralForeground2, margin: 0, outlineStyle: "none" },
});

/** Sign-in to a real tenant: where one was before, or a form; then what is to be done in the browser. */
export function OrganisationCard({
  info,
  signIn,
  disabled,
  onHow,
}: {
  info: AppInfo;
  signIn: SignIn;
  /** While somebody signs in to the practice tenant. */
  disabled: boolean;
  /** Opens the page that tells how to register a client for this cloud. */
  onHow: (cloud: string) => void;
}) {
  const styles = useStyles();
  const t = useWords();
  const { asked } = useSession();
  const { settings } = info;
  const [form, setForm] = useState(() => emptySignInForm(info.clouds[0]?.key ?? "global"));
  const [wantsForm, setWantsForm] = useState(false);
  const showForm = wantsForm || settings.remembered.length === 0;
  const state = useRef<HTMLParagraphElement>(null);
  const body = useRef<HTMLDivElement>(null);

  // What was pressed goes while it signs in, and is there again afterwards.
  const was = useRef(false);
  const { pending, request, problem } = signIn;
  useEffect(() => {
    if (pending && !was.current) {
      state.current?.focus();
    } else if (!pending && (was.current || problem !== null)) {
      const place = body.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-sign-in]');
      place?.focus();
    }
    was.current = pending;
  }, [pending, problem]);

  const start = (request: SignInRequest) => {
    if (!disabled) {
      signIn.start(request);
    }
  };
  // A way that was refused may be left for another one before it has ended: this one starts once it has.
  const [next, setNext] = useState<SignInRequest | null>(null);
  const { start: startNow } = signIn;
  useEffect(() => {
    if (next !== null && !pending) {
      setNext(null);
      startNow(next);
    }
  }, [next, pending, startNow]);

  const errors = showForm ? fieldErrors(problem) : {};
  const useCode = () => {
    if (request !== null) {
      setNext({ ...request, way: "deviceCode" });
      signIn.cancel();
    }
  };

  return (
    <Card>
      <div className={styles.head}>
        <h2 className={styles.title}>{t("org.title")}</h2>
        <Text>{t("org.lead")}</Text>
      </div>
      {info.cloudsArePlayed && <Mark tone="info">{t("org.played")}</Mark>}
      {pending ? (
        <>
          <p ref={state} tabIndex={-1} className={styles.state}>
            <SigningIn request={request} info={info} />
          </p>
          <AskingPanel how={asked?.how ?? null} onCancel={signIn.cancel} onUseCode={useCode} />
        </>
      ) : (
        <div ref={body}>
          {showForm ? (
            <SignInFields
              info={info}
              form={form}
              onChange={(part) => setForm({ ...form, ...part })}
              errors={errors}
              disabled={disabled}
              onSignIn={start}
              onHow={() => onHow(form.cloud)}
            />
          ) : (
            <RememberedList info={info} disabled={disabled} onSignIn={start} />
          )}
        </div>
      )}
      {!pending && settings.remembered.length > 0 && (
        <div>
          <Link
            as="button"
            type="button"
            onClick={() => {
              signIn.reset();
              setWantsForm(!wantsForm);
            }}
          >
            {t(wantsForm ? "org.rememberedAgain" : "org.otherTenant")}
          </Link>
        </div>
      )}
      {signIn.stopped && next === null && <Mark tone="info">{t("connect.cancelled")}</Mark>}
      {!pending && problem !== null && (
        <ProblemView problem={problem} onRetry={request === null ? undefined : () => start(request)} />
      )}
    </Card>
  );
}

function SigningIn({ request, info }: { request: SignInRequest | null; info: AppInfo }) {
  const t = useWords();
  if (request?.tenant == null) {
    return t("org.signingIn");
  }
  const known = info.settings.remembered.find(({ tenantId }) => tenantId === request.tenant);
  return <Words id="org.signingInTo" values={{ tenant: <Name text={known?.tenantName ?? request.tenant} /> }} />;
}
