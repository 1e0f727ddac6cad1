import { FluentProvider } from "@fluentui/react-components";
import { QueryClientProvider } from "@tanstack/react-query";
import { type AnyRouter, RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { IntlProvider } from "react-intl";
import type { Backend } from "../backend/backend";
import { BackendProvider } from "../backend/context";
import { Announcer } from "../components/Announcer";
import { ClipboardProvider } from "../components/Clipboard";
import { useTheme } from "../theme/useTheme";
import { en } from "../words/en";
import { Closing } from "./Closing";
import { JobProvider } from "./job";
import { makeQueryClient } from "./queries";
import { makeRouter } from "./router";
import { SessionProvider } from "./session";
import { UploadProvider } from "./upload";

/** The whole page over a backend. `start` is the first page shown once connected. */
export function App({ backend, start }: { backend: Backend; start?: string }) {
  const theme = useTheme();
  const [queries] = useState(makeQueryClient);
  const [router] = useState<AnyRouter>(() => makeRouter(start));
  return (
    <FluentProvider theme={theme}>
      <IntlProvider
        locale="en"
        messages={en}
        onError={(error) => void backend.reportFault(`words: ${error.message}`).catch(() => undefined)}
      >
        <BackendProvider backend={backend}>
          <QueryClientProvider client={queries}>
            <Announcer>
              <ClipboardProvider>
                <JobProvider>
                  <UploadProvider>
                    <SessionProvider>
                      <RouterProvider router={router} />
                      <Closing />
                    </SessionProvider>
                  </UploadProvider>
                </JobProvider>
              </ClipboardProvider>
            </Announcer>
          </QueryClientProvider>
        </BackendProvider>
      </IntlProvider>
    </FluentProvider>
  );
}
