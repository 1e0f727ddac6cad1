import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    // The tests' days and times must not depend on where they run.
    env: { TZ: "UTC" },
    testTimeout: 30_000,
    restoreMocks: true,
  },
});
