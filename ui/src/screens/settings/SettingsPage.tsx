import { useNavigate } from "@tanstack/react-router";
import { useConnection } from "../../app/connection";
import { Page } from "../../components/Page";
import { useWords } from "../../words/useWords";
import { SettingsParts } from "./SettingsParts";

/** Settings, once signed in; Connect shows the same parts. */
export function SettingsPage() {
  const t = useWords();
  const navigate = useNavigate();
  const { info } = useConnection();
  return (
    <Page title={t("settings.title")} titleText={t("settings.title")} lead={t("settings.lead")}>
      <SettingsParts info={info} onHow={(cloud) => navigate({ to: "/settings/register", search: { cloud } })} />
    </Page>
  );
}
