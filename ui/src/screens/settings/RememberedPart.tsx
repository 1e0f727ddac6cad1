import { Button, Text } from "@fluentui/react-components";
import type { AppInfo } from "../../backend/types";
import { Card } from "../../components/Card";
import { Name } from "../../components/Name";
import { Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { visible } from "../../components/text";
import { useWords } from "../../words/useWords";
import { cloudName } from "./cloudName";
import { useRowStyles } from "./rowStyles";
import { useForget } from "./useForget";

/** The tenants that Connect offers. */
export function RememberedPart({ info }: { info: AppInfo }) {
  const styles = useRowStyles();
  const t = useWords();
  const forget = useForget();
  const { remembered } = info.settings;
  return (
    <Section title={t("settings.remembered")}>
      <Card>
        <span className={styles.what}>{t("settings.rememberedWhat")}</span>
        {remembered.length === 0 ? (
          <Text>{t("settings.noRemembered")}</Text>
        ) : (
          <ul className={styles.list} aria-label={t("settings.remembered")}>
            {remembered.map((tenant) => (
              <li key={`${tenant.cloud} ${tenant.tenantId}`} className={styles.row}>
                <span className={styles.text}>
                  <span>
                    <Name text={tenant.tenantName} strong /> · <Name text={tenant.account} />
                  </span>
                  <span className={styles.small}>
                    {cloudName(info, tenant.cloud)} · {t(`way.${tenant.way}`)}
                  </span>
                </span>
                <Button
                  size="small"
                  aria-label={t("org.forgetThis", { tenant: visible(tenant.tenantName) })}
                  disabledFocusable={forget.pending}
                  onClick={() => forget.forget(tenant)}
                >
                  {t("org.forget")}
                </Button>
              </li>
            ))}
          </ul>
        )}
        {forget.problem !== null && <ProblemView problem={forget.problem} />}
      </Card>
    </Section>
  );
}
