// A picture as it is sent: at most 2048 px on its longer side, as JPEG, which also leaves behind where it was taken.
const LONGEST = 2048;
const QUALITY = 0.85;
const LARGEST = 25 * 1024 * 1024;

export async function shrink(file) {
  let image;
  try {
    image = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    if (file.size > LARGEST || !/hei[cf]/i.test(file.type + file.name)) throw new Error("not a picture");
    return { bytes: await file.arrayBuffer(), type: "image/heic" }; // this browser cannot open it: the server can
  }
  const by = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * by));
  canvas.height = Math.max(1, Math.round(image.height * by));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!made) throw new Error("not a picture");
  return { bytes: await made.arrayBuffer(), type: "image/jpeg" };
}
