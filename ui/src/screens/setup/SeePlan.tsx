import { Button, Spinner } from "@fluentui/react-components";
import { useConnection } from "../../app/connection";
import { Name } from "../../components/Name";
import { useWords, Words } from "../../words/useWords";
import { useFormLayout } from "./layout";

/** The end of both forms: asks for the plan, and says that the tenant is being read for it. */
export function SeePlan({ pending }: { pending: boolean }) {
  const styles = useFormLayout();
  const t = useWords();
  const { connection } = useConnection();
  return (
    <div className={styles.actions}>
      <Button type="submit" appearance="primary" disabledFocusable={pending}>
        {t("setup.seePlan")}
      </Button>
      {pending && (
        <Spinner
          size="tiny"
          label={<Words id="setup.planning" values={{ tenant: <Name text={connection.tenantName} /> }} />}
        />
      )}
    </div>
  );
}
