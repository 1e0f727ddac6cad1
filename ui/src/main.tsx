import { mount } from "./app/mount";
import { tauriBackend } from "./backend/tauri";
import "./theme/page.css";

mount(tauriBackend);
