// The libraries Lumbung is made with directly, and the licence of each.

export interface Library {
  name: string;
  part: "program" | "screens" | "fonts";
  licence: string;
}

export const LIBRARIES: Library[] = [
  { name: "Noto Sans", part: "fonts", licence: "OFL-1.1" },
  { name: "argon2", part: "program", licence: "MIT OR Apache-2.0" },
  { name: "base64", part: "program", licence: "MIT OR Apache-2.0" },
  {
    name: "blake3",
    part: "program",
    licence: "CC0-1.0 OR Apache-2.0 OR Apache-2.0 WITH LLVM-exception",
  },
  { name: "calamine", part: "program", licence: "MIT" },
  { name: "chrono", part: "program", licence: "MIT OR Apache-2.0" },
  { name: "clap", part: "program", licence: "MIT OR Apache-2.0" },
  { name: "csv", part: "program", licence: "Unlicense OR MIT" },
  { name: "ed25519-dalek", part: "program", licence: "BSD-3-Clause" },
  { name: "encoding_rs", part: "program", licence: "(Apache-2.0 OR MIT) AND BSD-3-Clause" },
  { name: "flate2", part: "program", licence: "MIT OR Apache-2.0" },
  { name: "getrandom", part: "program", licence: "MIT OR Apache-2.0" },
  { name: "keyring", part: "program", licence: "MIT OR Apache-2.0" },
  { name: "OpenSSL", part: "program", licence: "Apache-2.0" },
  { name: "postcard", part: "program", licence: "MIT OR Apache-2.0" },
  { name: "printpdf", part: "program", licence: "MIT" },
  { name: "refinery", part: "program", licence: "MIT" },
  { name: "rusqlite", part: "program", licence: "MIT" },
  { name: "rust_decimal", part: "program", licence: "MIT" },
  {
    name: "rustix",
    part: "program",
    licence: "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
  },
  { name: "rxing", part: "program", licence: "Apache-2.0" },
  { name: "serde", part: "program", licence: "MIT OR Apache-2.0" },
  { name: "serde_json", part: "program", licence: "MIT OR Apache-2.0" },
  { name: "SQLCipher", part: "program", licence: "BSD-3-Clause" },
  { name: "SQLite", part: "program", licence: "Public domain" },
  { name: "tauri", part: "program", licence: "Apache-2.0 OR MIT" },
  { name: "tauri-plugin-dialog", part: "program", licence: "Apache-2.0 OR MIT" },
  { name: "tauri-plugin-single-instance", part: "program", licence: "Apache-2.0 OR MIT" },
  { name: "tauri-plugin-window-state", part: "program", licence: "Apache-2.0 OR MIT" },
  { name: "thiserror", part: "program", licence: "MIT OR Apache-2.0" },
  { name: "tracing", part: "program", licence: "MIT" },
  { name: "tracing-appender", part: "program", licence: "MIT" },
  { name: "tracing-subscriber", part: "program", licence: "MIT" },
  { name: "ttf-parser", part: "program", licence: "MIT OR Apache-2.0" },
  { name: "uuid", part: "program", licence: "Apache-2.0 OR MIT" },
  { name: "zstd", part: "program", licence: "BSD-3-Clause" },
  { name: "@tanstack/react-query", part: "screens", licence: "MIT" },
  { name: "@tauri-apps/api", part: "screens", licence: "Apache-2.0 OR MIT" },
  { name: "ag-grid-community", part: "screens", licence: "MIT" },
  { name: "ag-grid-react", part: "screens", licence: "MIT" },
  { name: "i18next", part: "screens", licence: "MIT" },
  { name: "lucide-react", part: "screens", licence: "ISC" },
  { name: "react", part: "screens", licence: "MIT" },
  { name: "react-aria-components", part: "screens", licence: "Apache-2.0" },
  { name: "react-dom", part: "screens", licence: "MIT" },
  { name: "react-i18next", part: "screens", licence: "MIT" },
];
