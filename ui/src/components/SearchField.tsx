import { Spinner } from "@fluentui/react-components";
import type { Ref } from "react";
import { useWords } from "../words/useWords";
import { SearchIcon } from "./icons";
import { TextField } from "./TextField";

/** No name, id or address that one looks for is longer. */
const MOST_TYPED = 300;

/** Where one types what to look for; says so while what is found is still that of an older text. */
export function SearchField({
  searching,
  ...field
}: {
  ref?: Ref<HTMLInputElement>;
  label: string;
  hint?: string;
  placeholder?: string;
  size?: "small" | "medium";
  error?: string;
  required?: boolean;
  value: string;
  onChange: (text: string) => void;
  searching: boolean;
}) {
  const t = useWords();
  return (
    <TextField
      {...field}
      onChange={(_, data) => field.onChange(data.value)}
      maxLength={MOST_TYPED}
      contentBefore={<SearchIcon />}
      contentAfter={searching ? <Spinner size="extra-tiny" label={t("word.searching")} /> : undefined}
    />
  );
}
