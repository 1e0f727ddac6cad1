import { useSearch } from "@tanstack/react-router";
import { useConnection } from "../../app/connection";
import { BackButton } from "../../components/LinkButton";
import { Page } from "../../components/Page";
import { useWords } from "../../words/useWords";
import { RegisterGuide } from "../connect/RegisterGuide";

/** How to register a client of one's own, from Settings. */
export function RegisterPage() {
  const t = useWords();
  const { info } = useConnection();
  const cloud: string = useSearch({ strict: false }).cloud ?? info.clouds[0]?.key ?? "global";
  return (
    <Page
      back={<BackButton target={{ to: "/settings" }}>{t("settings.title")}</BackButton>}
      title={t("register.title")}
      titleText={t("register.title")}
      lead={t("register.lead")}
    >
      <RegisterGuide info={info} cloud={cloud} />
    </Page>
  );
}
