import { RendererProvider } from "@fluentui/react-components";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import type { Backend } from "../backend/backend";
import { App } from "./App";
import { makeRenderer } from "./nonce";

/** Draws the app into `#root`, and reports the page's own faults. */
export function mount(backend: Backend, start?: string): void {
  const report = (message: string) => {
    backend.reportFault(message).catch(() => undefined);
  };
  window.addEventListener("error", (event) => report(`error: ${event.message}`));
  window.addEventListener("unhandledrejection", (event) => {
    report(`unhandled: ${event.reason instanceof Error ? event.reason.message : "a promise was refused"}`);
  });

  const place = document.getElementById("root");
  if (place === null) {
    report("index.html holds no #root");
    return;
  }
  createRoot(place).render(
    <StrictMode>
      <RendererProvider renderer={makeRenderer(document)} targetDocument={document}>
        <App backend={backend} start={start} />
      </RendererProvider>
    </StrictMode>,
  );
}
