import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The page over scripted answers, for looking at screens. Built apart from the product, into the target folder.
export default defineConfig({
  root: "preview",
  plugins: [react()],
  server: { host: "127.0.0.1", port: 5174, strictPort: true },
  build: {
    outDir: "../../target/ui-preview",
    emptyOutDir: true,
    target: ["safari16", "chrome120"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
