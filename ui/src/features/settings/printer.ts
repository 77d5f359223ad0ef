// The printers of this machine while they are being set up: what a new one is, where it can be.
import type { Destination, PaperKind, Printer } from "../../api/bindings";

export type Place = Destination["kind"];
export const PLACES: Place[] = ["network", "spooler", "device", "serial", "folder"];
export const PAPERS: PaperKind[] = ["receipt", "session", "label", "invoice"];

const USUAL_PORT = 9100;
const USUAL_BAUD = 9600;

/** A place of this kind with nothing filled in but what is usual. */
export function emptyPlace(kind: Place): Destination {
  switch (kind) {
    case "network":
      return { kind, host: "", port: USUAL_PORT };
    case "serial":
      return { kind, path: "", baud: USUAL_BAUD };
    case "spooler":
      return { kind, queue: "" };
    default:
      return { kind, path: "" };
  }
}

/** Whether it says where the printer is. */
export function isWhole(place: Destination): boolean {
  switch (place.kind) {
    case "network":
      return place.host.trim() !== "" && place.port > 0 && place.port < 65_536;
    case "serial":
      return place.path.trim() !== "" && place.baud > 0;
    case "spooler":
      return place.queue.trim() !== "";
    default:
      return place.path.trim() !== "";
  }
}

/** In a few words: `192.168.1.50:9100`. */
export function placeWords(place: Destination): string {
  switch (place.kind) {
    case "network":
      return `${place.host}:${place.port}`;
    case "spooler":
      return place.queue;
    default:
      return place.path;
  }
}

/** A printer as it usually is for this paper. */
export function newPrinter(paper: PaperKind): Printer {
  const sheets = paper === "invoice" || paper === "label";
  return {
    name: "",
    destination: emptyPlace(sheets ? "spooler" : "network"),
    speech: sheets ? "pdf" : "escpos",
    width_mm: 80,
    options: {
      code_pages: ["pc437", "pc858", "wpc1252"],
      cut: "partial",
      drawer_kick: null,
      qr_native: false,
      barcode_native: false,
      small_font: true,
      inverse: true,
    },
    drawer: null,
    fallback: null,
  };
}
