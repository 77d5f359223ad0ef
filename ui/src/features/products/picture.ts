// A photo of a phone is far larger than a key of the till needs: it is made small here, so that it
// is stored, sent and shown quickly.

const SIDE_MAX = 800;
const BYTES_MAX = 200_000;
const QUALITY = 0.85;

/** The letters of base 64 that a data address ends in. */
function letters(address: string): string {
  return address.slice(address.indexOf(",") + 1);
}

function encoded(file: Blob): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(letters(String(reader.result)));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}

/** The picture in base 64, small enough; throws when it is no picture. */
export async function readPicture(file: Blob): Promise<string> {
  const picture = await createImageBitmap(file);
  const side = Math.max(picture.width, picture.height);
  if (side <= SIDE_MAX && file.size <= BYTES_MAX) return encoded(file);
  const scale = Math.min(1, SIDE_MAX / side);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const brush = canvas.getContext("2d");
  if (!brush) throw new Error("this window cannot draw");
  // JPEG knows nothing of transparency: what is behind is white, as paper is.
  brush.fillStyle = "white";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return letters(canvas.toDataURL("image/jpeg", QUALITY));
}
