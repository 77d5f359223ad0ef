// The only file that knows what is on the other side: the window's own program, or a server.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Event as Heard } from "./bindings";
import { webTransport } from "./web";

/** The name under which the window's program emits its events. */
const EVENT = "notice";

export type { Heard };

export interface Transport {
  /** A browser: no drawer, no printer, no files of this machine. */
  browser?: boolean;
  call(name: string, args: unknown): Promise<unknown>;
  listen(heard: (event: Heard) => void): () => void;
  /** Asks the person for a file of this machine; null when they choose none. */
  chooseFile?(filter: FileFilter): Promise<string | null>;
  /** Hears where files lie that are dropped on the window. */
  drops?(dropped: (paths: string[]) => void): () => void;
}

/** Which files a person is shown: `{ name: "Tables", extensions: ["csv", "xlsx"] }`. */
export interface FileFilter {
  name: string;
  extensions: string[];
}

const window_: Transport = {
  call: (name, args) => invoke("call", { name, args }),
  listen(heard) {
    const stop = listen<Heard>(EVENT, (event) => heard(event.payload));
    return () => void stop.then((unlisten) => unlisten());
  },
  chooseFile: (filter) =>
    invoke<string | null>("plugin:dialog|open", {
      options: { multiple: false, directory: false, filters: [filter] },
    }),
  drops(dropped) {
    const stop = listen<{ paths: string[] }>("tauri://drag-drop", ({ payload }) =>
      dropped(payload.paths),
    );
    return () => void stop.then((unlisten) => unlisten());
  },
};

let chosen: Transport = "__TAURI_INTERNALS__" in window ? window_ : webTransport();

export function transport(): Transport {
  return chosen;
}

/** For tests, which bring their own program. */
export function setTransport(other: Transport): void {
  chosen = other;
}
