// A logo as a receipt printer draws it: black dots on white paper, small enough for every roll.
import type { Logo } from "../api/bindings";

const WIDTH_MAX = 384;
const HEIGHT_MAX = 200;

/** Darker than this is black. */
const DARK = 128;

/** How light a dot is, as the eye sees it. */
function lightness(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** The dots of a picture, eight in a byte, each row in bytes of its own. */
export function toBits(pixels: Uint8ClampedArray, width: number, height: number): Uint8Array {
  const row = Math.ceil(width / 8);
  const bits = new Uint8Array(row * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const [red = 255, green = 255, blue = 255] = pixels.subarray(at, at + 3);
      if (lightness(red, green, blue) < DARK) {
        const byte = y * row + (x >> 3);
        bits[byte] = (bits[byte] ?? 0) | (0x80 >> (x & 7));
      }
    }
  }
  return bits;
}

/** The rows of a logo as `0` and `1`, for the preview. */
export function rowsOf({ width, bits }: Logo): string[] {
  const bytes = Uint8Array.from(atob(bits), (letter) => letter.charCodeAt(0));
  const row = Math.ceil(width / 8);
  const rows: string[] = [];
  for (let at = 0; at + row <= bytes.length; at += row) {
    const dots = [...bytes.subarray(at, at + row)].map((byte) => byte.toString(2).padStart(8, "0"));
    rows.push(dots.join("").slice(0, width));
  }
  return rows;
}

/** The logo in a file; throws when it is no picture. */
export async function readLogo(file: Blob): Promise<Logo> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, WIDTH_MAX / picture.width, HEIGHT_MAX / picture.height);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const brush = canvas.getContext("2d");
  if (!brush) throw new Error("this window cannot draw");
  // What is see-through is white, as paper is.
  brush.fillStyle = "white";
  brush.fillRect(0, 0, width, height);
  brush.drawImage(picture, 0, 0, width, height);
  const bytes = toBits(brush.getImageData(0, 0, width, height).data, width, height);
  const bits = btoa(String.fromCharCode(...bytes));
  return { width, height, bits };
}
