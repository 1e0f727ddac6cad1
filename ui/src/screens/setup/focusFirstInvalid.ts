/** Puts the keyboard into the first field that has an error, in the order of the page. */
export function focusFirstInvalid(form: HTMLElement | null): void {
  const invalid = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  if (!invalid) {
    return;
  }
  // A group of radio buttons cannot take the focus itself: its chosen or first button does.
  const inner =
    invalid.querySelector<HTMLElement>("input:checked") ?? invalid.querySelector<HTMLElement>("input:not(:disabled)");
  (inner ?? invalid).focus();
}
