import { Field, Input, makeStyles, Radio, RadioGroup, tokens } from "@fluentui/react-components";
import { type Control, Controller, useFormState, useWatch } from "react-hook-form";
import { formatDay } from "../../components/When";
import { useWords } from "../../words/useWords";
import { type AppForm, LIVES, lastDayOf, monthsAfter, tomorrow } from "./appForm";

const useStyles = makeStyles({
  fields: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
  radios: { flexWrap: "wrap" },
  label: { color: tokens.colorNeutralForeground1 },
  date: { maxWidth: "240px" },
});

/** When the secret ends: in so many months, or on a day of one's own. */
export function ExpiryFields({ control, today }: { control: Control<AppForm>; today: Date }) {
  const styles = useStyles();
  const t = useWords();
  const { errors } = useFormState({ control });
  const life = useWatch({ control, name: "life" });
  const lastDay = useWatch({ control, name: "lastDay" });
  const ends = formatDay(lastDayOf({ life, lastDay }, today));
  return (
    <div className={styles.fields}>
      <Controller
        control={control}
        name="life"
        render={({ field }) => (
          <Field
            label={t("app.expiry")}
            hint={life !== "date" && ends !== null ? t("app.endsOn", { date: ends }) : undefined}
            validationMessage={errors.life?.message}
            validationState={errors.life ? "error" : "none"}
          >
            <RadioGroup
              layout="horizontal"
              className={styles.radios}
              value={field.value}
              onChange={(_, data) => field.onChange(data.value)}
            >
              {LIVES.map((months) => (
                <Radio
                  key={months}
                  value={months}
                  label={<span className={styles.label}>{t("app.months", { count: Number(months) })}</span>}
                />
              ))}
              <Radio value="date" label={<span className={styles.label}>{t("app.onDate")}</span>} />
            </RadioGroup>
          </Field>
        )}
      />
      {life === "date" && (
        <Controller
          control={control}
          name="lastDay"
          render={({ field }) => (
            <Field
              label={t("app.lastDay")}
              hint={t("app.lastDayHint")}
              validationMessage={errors.lastDay?.message}
              validationState={errors.lastDay ? "error" : "none"}
              required
              className={styles.date}
            >
              <Input
                type="date"
                placeholder="YYYY-MM-DD"
                min={tomorrow(today)}
                max={monthsAfter(today, 24)}
                value={field.value}
                onChange={(_, data) => field.onChange(data.value)}
                onBlur={field.onBlur}
              />
            </Field>
          )}
        />
      )}
    </div>
  );
}
