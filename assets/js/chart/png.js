// The picture as PNG, made here from the SVG of the server: with its title, source and version in it.
const SCALE = 2;

async function picture(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const file = /filename="([^"]+)\.svg"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "chart";
  const image = new Image();
  const source = URL.createObjectURL(new Blob([await answer.text()], { type: "image/svg+xml" }));
  try {
    image.src = source;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * SCALE;
    canvas.height = image.naturalHeight * SCALE;
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return { file, blob: await new Promise((done) => canvas.toBlob(done, "image/png")) };
  } finally {
    URL.revokeObjectURL(source);
  }
}

export function offerPng(button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const { file, blob } = await picture(button.dataset.png);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = `${file}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    } catch {
      location.assign(button.dataset.png); // the SVG holds the same
    } finally {
      button.disabled = false;
    }
  });
}
