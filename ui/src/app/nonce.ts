import { createDOMRenderer, type GriffelRenderer } from "@fluentui/react-components";

/**
 * A style renderer that the content security policy lets through: Tauri puts its nonce on the empty
 * `<style id="style-nonce">` of index.html, and every style element that Fluent makes must carry it.
 */
export function makeRenderer(document: Document): GriffelRenderer {
  const nonce = document.getElementById("style-nonce")?.nonce;
  return createDOMRenderer(document, nonce ? { styleElementAttributes: { nonce } } : {});
}
