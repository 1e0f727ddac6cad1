import {
  Field,
  type FieldProps,
  Input,
  type InputProps,
  Textarea,
  type TextareaProps,
} from "@fluentui/react-components";
import type { Ref } from "react";

/**
 * Names, ids and addresses must arrive exactly as typed: the system's capitals, corrections and suggestions are off
 * (macOS alters what is typed in a web view otherwise).
 */
const EXACT = { autoCapitalize: "none", spellCheck: false } as const;
// Fluent lets these through to the inner element only.
const INNER = { autoCorrect: "off", autoComplete: "off" } as const;

interface TextFieldProps extends Omit<InputProps, "children"> {
  ref?: Ref<HTMLInputElement>;
  label: string;
  hint?: FieldProps["hint"];
  error?: string;
}

export function TextField({ label, hint, error, required, ...input }: TextFieldProps) {
  return (
    <Field
      size={input.size}
      label={label}
      hint={hint}
      required={required}
      validationMessage={error}
      validationState={error ? "error" : "none"}
    >
      <Input {...EXACT} input={INNER} {...input} />
    </Field>
  );
}

interface TextAreaFieldProps extends TextareaProps {
  ref?: Ref<HTMLTextAreaElement>;
  label: string;
  hint?: string;
  error?: string;
}

export function TextAreaField({ label, hint, error, required, ...input }: TextAreaFieldProps) {
  return (
    <Field
      label={label}
      hint={hint}
      required={required}
      validationMessage={error}
      validationState={error ? "error" : "none"}
    >
      <Textarea {...EXACT} textarea={INNER} resize="vertical" {...input} />
    </Field>
  );
}
